"""Parts of an upload in progress: each is stored under its offset, and an offset is written only once."""

from collections.abc import AsyncIterator

from server.gateways.sealing import KeyRing
from server.gateways.storage.keeping import Storage
from server.gateways.storage.outcomes import Missing


class Parts:
    """The parts of one upload, sealed one by one in a folder of the storage.

    The contiguous parts in storage define how much has arrived; a writer at a taken offset learns that, in any process.
    """

    def __init__(self, storage: Storage, folder: str, *, keys: KeyRing) -> None:
        self._storage, self._folder, self._keys = storage, folder, keys

    async def add(self, offset: int, data: bytes) -> bool:
        """Store a part durably; returns False if the offset is taken."""
        return await self._storage.put_new(self._at(offset), data, seal=self._keys)

    async def end(self, offset: int) -> int:
        """Return how far the parts are contiguous, starting at an offset known to be reached."""
        while part := await self._read(offset):
            offset += len(part)
        return offset

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield all parts in order."""
        offset = 0
        while part := await self._read(offset):
            yield part
            offset += len(part)

    async def drop(self) -> None:
        """Delete all parts."""
        for key in [key async for key in self._storage.keys(self._folder)]:
            await self._storage.remove(key)

    async def _read(self, offset: int) -> bytes:
        try:
            return await self._storage.read(self._at(offset), seal=self._keys)
        except Missing:
            return b""

    def _at(self, offset: int) -> str:
        return f"{self._folder}/{offset:09d}"
