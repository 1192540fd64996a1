"""Keeping a photo that comes from a phone, however it comes: in one piece, or in parts."""

from collections.abc import AsyncIterable
from uuid import UUID

from sanic import Request

from server import observations, photos
from server.observations.receiving import Received
from server.photos.refusals import (
    DigestDiffers,
    LineTooLong,
    NotAPhoto,
    PhotoTooBig,
    StorageAway,
    StorageFull,
    TooManyAtOnce,
    TooManyBytesToday,
    TooManyUnnamed,
)
from server.web.door.admission import tools_of
from server.web.door.operations import actor_of

REFUSALS = (
    NotAPhoto,
    PhotoTooBig,
    DigestDiffers,
    StorageFull,
    StorageAway,
    LineTooLong,
    TooManyAtOnce,
    TooManyBytesToday,
    TooManyUnnamed,
)


async def keep(
    request: Request, pieces: AsyncIterable[bytes], *, sha256: str, size: int, report: UUID | None = None
) -> Received:
    """Keep a photo for who asks, within the allowance of the day; after it returns, it is on the disk and counts."""
    tools, sender = tools_of(request), actor_of(request)
    now = tools.clock.now()
    async with photos.allowance(sender, size=size, now=now) as allowance:
        kept, kind = await photos.store(pieces, sha256=sha256, storage=tools.storage, keys=tools.keys)
        await photos.see(kept, allowance=allowance, tools=tools)
        try:
            done = await observations.receive_photo(
                kept,
                kind=kind,
                by=sender.person,
                allowance=allowance,
                storage=tools.storage,
                now=now,
                report=report,
            )
        except TooManyUnnamed:
            await photos.drop(kept.key, storage=tools.storage)
            raise
        if done.is_new:
            allowance.used, allowance.unspent = kept.bytes, 0
    return done
