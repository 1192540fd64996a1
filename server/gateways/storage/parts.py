"""Parts of one thing that comes bit by bit: each lies under its offset, and an offset is given once."""

from collections.abc import AsyncIterator

from server.gateways.sealing import KeyRing
from server.gateways.storage.keeping import Storage
from server.gateways.storage.outcomes import Missing


class Parts:
    """The parts of one upload, sealed one by one in a folder of the storage.

    The parts that lie there without a gap are the truth of how much has come; whoever writes at an offset that is
    taken is told so, from whatever process.
    """

    def __init__(self, storage: Storage, folder: str, *, keys: KeyRing) -> None:
        self._storage, self._folder, self._keys = storage, folder, keys

    async def add(self, offset: int, data: bytes) -> bool:
        """Put down a part, durably; False if one lies at this offset already."""
        return await self._storage.put_new(self._at(offset), data, seal=self._keys)

    async def end(self, offset: int) -> int:
        """How far parts lie without a gap, begun at an offset that is known to be reached."""
        while part := await self._read(offset):
            offset += len(part)
        return offset

    async def pieces(self) -> AsyncIterator[bytes]:
        """All parts in their order."""
        offset = 0
        while part := await self._read(offset):
            yield part
            offset += len(part)

    async def drop(self) -> None:
        """Forget all parts."""
        for key in [key async for key in self._storage.keys(self._folder)]:
            await self._storage.remove(key)

    async def _read(self, offset: int) -> bytes:
        try:
            return await self._storage.read(self._at(offset), seal=self._keys)
        except Missing:
            return b""

    def _at(self, offset: int) -> str:
        return f"{self._folder}/{offset:09d}"
