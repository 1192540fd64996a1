"""Receives a photo: stores it, checks it, and assigns it to the sender's subjects that name it, now or later."""

from collections.abc import AsyncIterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models import Person, Photo
from server import journal, reporters
from server.gateways.storage import Storage
from server.kernel.clock import to_the_minute
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor
from server.photos.allowing import Allowance, allowance, check_unnamed
from server.photos.announcing import another_photo, subjects_naming
from server.photos.forgetting import drop, hold
from server.photos.keeping import see, store
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
from server.photos.subjects import complete, subject_called
from server.tools import Tools

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


@dataclass(frozen=True)
class Received:
    """The stored photo, whether it is new, and the subjects that still lack photos, by their senders' ids."""

    photo: Photo
    is_new: bool
    missing_in: list[UUID]


async def receive(
    pieces: AsyncIterable[bytes],
    *,
    sha256: str,
    size: int,
    by: Actor,
    now: datetime,
    tools: Tools,
    called: UUID | None = None,
) -> Received:
    """Accept a photo within its sender's daily allowance; once it returns, the photo is on the disk and counts.

    It goes to the subject with the sender's id `called`, otherwise to all of the sender's subjects that name it.
    Repeating it changes nothing. Raises REFUSALS.
    """
    async with allowance(by, size=size, now=now) as allowed:
        kept, kind = await store(pieces, sha256=sha256, storage=tools.storage, keys=tools.keys)
        await see(kept, allowance=allowed, tools=tools)
        new = Photo(
            sha256=kept.sha256,
            bytes=kept.bytes,
            kind=kind,
            key=kept.key,
            sealed_sha256=kept.sealed_sha256,
            received_at=to_the_minute(now),
            turn=allowed.turn,
        )
        try:
            done = await _enter(new, by=by.person, called=called, allowance=allowed, storage=tools.storage)
        except TooManyUnnamed:
            await drop(kept.key, storage=tools.storage)
            raise
        if done.is_new:
            allowed.used, allowed.unspent = kept.bytes, 0
    return done


@unit_of_work
async def _enter(
    new: Photo, *, by: Person, called: UUID | None, allowance: Allowance, storage: Storage
) -> Received:
    """Record a photo's arrival; raises TooManyUnnamed, and StorageAway if its bytes were dropped just before."""
    await reporters.lock_reporter(by.id)
    named = await _named(new.sha256, by=by, called=called)
    await hold(new.key)
    if not await storage.exists(new.key):
        raise StorageAway
    found, is_new = await (_give(new, named) if named else _put_aside(new, allowance))
    async with journal.together():
        missing_in = await complete(named)
        for photo in found if is_new else []:
            await journal.record("photo.received", photo, by=None, bytes=photo.bytes)
    return Received(found[0], is_new, missing_in)


async def _named(sha256: str, *, by: Person, called: UUID | None) -> list[tuple[str, UUID]]:
    """Return the sender's subjects that name a photo; only the one `called` if it is among them."""
    named = await subjects_naming(sha256, by=by)
    said = await subject_called(called) if called else None
    return [said] if said and said in named else named


async def _give(new: Photo, subjects: Sequence[tuple[str, UUID]]) -> tuple[list[Photo], bool]:
    """Give the photo to each subject that lacks it; return the photos and whether any is new."""
    here = await Photo.filter(sha256=new.sha256, subject_id__in=[subject_id for _, subject_id in subjects])
    known = {photo.subject_id for photo in here}
    made = [
        await another_photo(new, kind=kind, subject_id=subject_id)
        for kind, subject_id in subjects
        if subject_id not in known
    ]
    return made or here, bool(made)


async def _put_aside(new: Photo, allowance: Allowance) -> tuple[list[Photo], bool]:
    """Keep a photo that nothing names yet for a day."""
    earlier = await Photo.filter(sha256=new.sha256, unnamed_key__in=allowance.days).first()
    if earlier:
        return [earlier], False
    await check_unnamed(allowance.days, size=new.bytes)
    new.unnamed_key = allowance.days[0]
    await new.save(force_create=True)
    return [new], True
