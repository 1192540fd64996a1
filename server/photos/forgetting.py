"""Deletes photos that no report named within a day, and their bytes once no photo uses them any more."""

from datetime import datetime
from uuid import UUID

from tortoise import connections

from models import Photo
from server import journal
from server.gateways.storage import Storage
from server.journal.erasing import erase
from server.kernel.unit_of_work import unit_of_work
from server.photos.allowing import UNNAMED_FOR, forget_days

AT_ONCE = 500
ALONE = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
TOGETHER = "SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))"


async def forget_unnamed(*, storage: Storage, now: datetime) -> int:
    """Delete photos that no report named within 24 hours of their arrival; return how many."""
    await forget_days(now=now)
    waiting = Photo.filter(unnamed_key__isnull=False, received_at__lt=now - UNNAMED_FOR)
    forgotten = [await _forget(photo.id) for photo in await waiting.only("id").limit(AT_ONCE)]
    for key in filter(None, forgotten):
        await drop(key, storage=storage)
    return len(forgotten)


async def forget_strays(*, storage: Storage, now: datetime) -> int:
    """Remove bytes that a crash left a day ago, before any photo used them; return how many."""
    strays = [key async for key in storage.keys("originals", older_than=now - UNNAMED_FOR)]
    return sum([await drop(key, storage=storage) for key in strays])


@unit_of_work
async def drop(key: str, *, storage: Storage) -> bool:
    """Remove the bytes under a key unless a photo uses them; return whether they were removed.

    Anyone who stores the same bytes at that moment waits until this is done.
    """
    await connections.get("default").execute_query(ALONE, [key])
    if await Photo.exists(key=key):
        return False
    await storage.remove(key)
    return True


async def hold(key: str) -> None:
    """Keep `drop` away from a key until this unit of work ends."""
    await connections.get("default").execute_query(TOGETHER, [key])


@unit_of_work
async def _forget(photo_id: UUID) -> str | None:
    """Delete the photo and return its key; return None if a report has named it meanwhile."""
    photo = await Photo.select_for_update().get_or_none(id=photo_id, unnamed_key__isnull=False)
    if photo is None:
        return None
    await erase([photo], because="no report named it within a day")
    await journal.record("photo.forgotten", photo, by=None)
    return photo.key
