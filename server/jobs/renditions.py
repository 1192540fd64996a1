"""Renditions are made in jobs of their own, so that no message waits for a photo; senders take turns."""

from collections.abc import Awaitable, Callable, Iterable
from uuid import UUID

from models import JournalEntry, Photo
from server import cases, ledger, photos
from server.gateways import queue
from server.kernel.unit_of_work import raw_connection, unit_of_work
from server.tools import Tools

JOB = "render"
AT_ONCE = 2  # one is in the renderer, the other fetches or stores
Of = Callable[[UUID], Awaitable[list[Photo]]]


async def itself(photo_id: UUID) -> list[Photo]:
    """The photo that a deed is about."""
    return await Photo.filter(id=photo_id)


RENDERED_AFTER: dict[str, Of] = {
    "observation.submitted": photos.photos_of,
    "observation.amended": photos.photos_of,
    "checklist_answer.given": photos.photos_of,
    "ledger_item.close_out_asked": ledger.evidence_photos,
    "ledger_item.progress_reported": ledger.evidence_photos,
    "case.opened": cases.released_photos,
    "photo.received": itself,
    "photo.redacted": itself,
}


async def render_after(entry: JournalEntry) -> None:
    """Put the photos that a deed concerns in line; safe to repeat."""
    if of := RENDERED_AFTER.get(entry.event):
        await put_in_line(await of(entry.subject_id))


@unit_of_work
async def put_in_line(waiting: Iterable[Photo]) -> None:
    """One job for each photo: first photos of any sender go before the second ones, and so on."""
    for photo in waiting:
        await queue.enqueue(raw_connection(), JOB, priority=-photo.turn, photo_id=str(photo.id))


@unit_of_work
async def put_in_line_again(left: Iterable[Photo]) -> None:
    """The same for photos that seem forgotten, unless they are in this line already."""
    for photo in left:
        once = f"{JOB}:{photo.id}"
        await queue.enqueue(
            raw_connection(), JOB, priority=-photo.turn, only_once=once, photo_id=str(photo.id)
        )


async def render(photo_id: UUID, *, tools: Tools) -> None:
    """Make what is missing of a photo's renditions, wherever it is shown; safe to repeat."""
    photo = await Photo.get_or_none(id=photo_id)
    if photo:
        await photos.render(photo, tools=tools)
        await cases.render_wherever(photo, tools=tools)
