"""Stores a photo's bytes in the sealed storage and checks them, before a row records its arrival."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import contextmanager

from models import Photo
from server.gateways import images
from server.gateways.sealing import KeyRing
from server.gateways.storage import DigestMismatch, DiskFull, Kept, Missing, Storage, StorageDown, TooLarge
from server.kernel.refusal import Refusal
from server.photos.allowing import Allowance, charge
from server.photos.forgetting import drop
from server.photos.reading import MAX_BYTES
from server.photos.refusals import (
    DigestDiffers,
    LineTooLong,
    NotAPhoto,
    PhotoTooBig,
    StorageAway,
    StorageFull,
)
from server.tools import Tools

HEAD_BYTES = 32
COME_AGAIN = 10  # seconds

OUTCOMES: dict[type[Exception], type[Refusal]] = {
    TooLarge: PhotoTooBig,
    DigestMismatch: DigestDiffers,
    DiskFull: StorageFull,
    StorageDown: StorageAway,
    Missing: StorageAway,  # another upload of the same bytes was refused at this moment, and they went
}


async def store(
    chunks: AsyncIterable[bytes], *, sha256: str, storage: Storage, keys: KeyRing
) -> tuple[Kept, str]:
    """Store a stream of at most 10 MB, sealed, under its digest; return what was stored and its kind.

    Holds no database connection. Raises NotAPhoto, PhotoTooBig, DigestDiffers, StorageFull or StorageAway,
    and then leaves nothing behind.
    """
    head = bytearray()
    with in_our_words():
        kept = await storage.keep(
            tasted(chunks, head=head),
            folder="originals",
            expected_sha256=sha256,
            max_bytes=MAX_BYTES,
            seal=keys,
        )
    return kept, _kind(head)


async def see(kept: Kept, *, allowance: Allowance, tools: Tools) -> None:
    """Check the stored picture when the sender's turn comes; if the check ends in any other way, drop the bytes.

    So a photo is refused before a report counts as received; checked photos are not checked again.
    Raises NotAPhoto with the reason, LineTooLong, or StorageAway if another's refusal removed the same bytes.
    """
    try:
        await _see(kept, allowance=allowance, tools=tools)
    except BaseException as error:  # also if the sender hung up
        await drop(kept.key, storage=tools.storage)
        if isinstance(error, images.NotAPicture):
            raise NotAPhoto(error.message_zh) from error
        if isinstance(error, images.LineTooLong):
            raise LineTooLong(retry_after=COME_AGAIN) from error
        if isinstance(error, Missing):
            raise StorageAway from error
        raise


async def _see(kept: Kept, *, allowance: Allowance, tools: Tools) -> None:
    async def read() -> bytes:
        return await tools.storage.read(kept.key, seal=tools.keys)

    async def read_at_last() -> bytes:
        allowance.unspent = 0
        return await read()

    # The header gives the cost before the wait; the bytes are released meanwhile.
    await charge(allowance, cost=await asyncio.to_thread(images.cost_of, await read()))
    if not await Photo.exists(key=kept.key):
        await tools.renderer.look(read_at_last, turn=allowance.turn)


async def tasted(chunks: AsyncIterable[bytes], *, head: bytearray) -> AsyncIterator[bytes]:
    """Yield the same pieces and fill `head` with the first bytes; raises NotAPhoto once these can't be a picture's."""
    async for chunk in chunks:
        if len(head) < HEAD_BYTES:
            head.extend(chunk[:HEAD_BYTES])
            if len(head) >= HEAD_BYTES:
                _kind(head)
        yield chunk


@contextmanager
def in_our_words() -> Iterator[None]:
    """Turn errors of the storage into the refusals that people read."""
    try:
        yield
    except tuple(OUTCOMES) as error:
        raise OUTCOMES[type(error)] from error


def _kind(head: bytearray) -> str:
    try:
        return str(images.kind_by_content(bytes(head)))
    except images.NotAPicture as error:
        raise NotAPhoto(error.message_zh) from error
