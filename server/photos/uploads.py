"""Resumable uploads: a photo that arrives in parts over a bad connection, following tus 1.0 (SUB-04)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tortoise import connections

from models import Upload
from server.gateways.sealing import KeyRing
from server.gateways.storage import Parts
from server.kernel.refusal import NoSuchThing, Refusal
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor
from server.photos.allowing import MOST_UNNAMED, day_keys
from server.photos.refusals import TooManyUnnamed, UploadEnded
from server.tools import Tools

MOST_OPEN = 20
LIVES = timedelta(hours=24)
AT_ONCE = 200
ALONE = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
OPEN = """SELECT count(*) AS uploads, coalesce(sum(length), 0)::bigint AS bytes FROM upload
WHERE day_key = ANY($1::text[]) AND key <> $2 AND NOT finished AND expires_at > $3"""


class OffsetDiffers(Refusal):
    """The part does not start where the previous parts end; `Upload-Offset` says where that is."""

    status = 409
    message_zh = "照片的这一段和已收到的接不上。"
    hint_zh = "程序会从断开的地方自动续传，请保持程序打开。"
    retry = "same"


@dataclass(frozen=True)
class Coming:
    """An upload in progress: its row, its parts, and how much has arrived."""

    upload: Upload
    parts: Parts
    offset: int

    @property
    def is_whole(self) -> bool:
        return self.offset == self.upload.length


async def begin(sender: Actor, *, sha256: str, length: int, now: datetime, tools: Tools) -> Coming:
    """Begin an upload, or find the one that the same sender began for the same photo; raises TooManyUnnamed."""
    key = _key(sender, sha256=sha256, length=length, keys=tools.keys)
    await _begin(key, day_keys(sender.person, now=now), length=length, now=now)
    return await _coming(key, now=now, tools=tools)


async def find(sender: Actor, *, sha256: str, length: int, now: datetime, tools: Tools) -> Coming:
    """Return the sender's own upload; raises NoSuchThing, and UploadEnded a day after it was begun."""
    key = _key(sender, sha256=sha256, length=length, keys=tools.keys)
    return await _coming(key, now=now, tools=tools)


async def add(coming: Coming, data: bytes) -> Coming:
    """Store the next part; confirmed bytes are on the disk. Raises OffsetDiffers if another request was faster."""
    upload, at = coming.upload, coming.offset
    if not await coming.parts.add(at, data):
        raise OffsetDiffers
    at += len(data)
    await Upload.filter(key=upload.key, confirmed__lt=at).update(confirmed=at)
    # Cancelled meanwhile: nobody else would drop this part.
    if not await Upload.exists(key=upload.key):
        await coming.parts.drop()
        raise NoSuchThing
    return Coming(upload, coming.parts, at)


async def finish(coming: Coming) -> None:
    """Mark the photo as kept and drop its parts; later queries learn that it is complete."""
    await Upload.filter(key=coming.upload.key).update(finished=True, confirmed=coming.upload.length)
    await coming.parts.drop()


async def give_up(coming: Coming) -> None:
    """Forget an upload and its parts."""
    await Upload.filter(key=coming.upload.key).delete()
    await coming.parts.drop()


async def forget_uploads(*, now: datetime, tools: Tools) -> int:
    """Forget uploads a day after they were begun, with their parts; return how many."""
    old = await Upload.filter(expires_at__lte=now - LIVES).limit(AT_ONCE)
    for upload in old:
        await give_up(Coming(upload, _parts(upload.key, tools=tools), upload.confirmed))
    return len(old)


@unit_of_work
async def _begin(key: str, days: tuple[str, str], *, length: int, now: datetime) -> None:
    # One upload of a sender is counted at a time.
    await connections.get("default").execute_query(ALONE, [days[0]])
    found = await Upload.get_or_none(key=key)
    if found and found.expires_at > now:
        return
    open_now: list[dict[str, Any]] = await connections.get("default").execute_query_dict(
        OPEN, [list(days), key, now]
    )
    if open_now[0]["uploads"] >= MOST_OPEN or open_now[0]["bytes"] + length > MOST_UNNAMED:
        raise TooManyUnnamed
    # Read the parts again: those of a photo that was complete were dropped.
    facts = {
        "day_key": days[0],
        "length": length,
        "expires_at": now + LIVES,
        "finished": False,
        "confirmed": 0,
    }
    await Upload.update_or_create(facts, key=key)


async def _coming(key: str, *, now: datetime, tools: Tools) -> Coming:
    upload = await Upload.get_or_none(key=key)
    if upload is None:
        raise NoSuchThing
    if upload.expires_at <= now:
        raise UploadEnded
    parts = _parts(key, tools=tools)
    if upload.finished:
        return Coming(upload, parts, upload.length)
    return Coming(upload, parts, await parts.end(upload.confirmed))


def _parts(key: str, *, tools: Tools) -> Parts:
    return Parts(tools.storage, f"parts/{key[:2]}/{key}", keys=tools.keys)


def _key(sender: Actor, *, sha256: str, length: int, keys: KeyRing) -> str:
    return keys.lookup(f"{sender.person.id}:{sha256}:{length}", kind="upload")
