"""Renders photos in their own jobs, so that no message waits for a photo; senders take turns."""

import asyncio
from collections.abc import Iterable
from uuid import UUID
from weakref import WeakValueDictionary

from models import JournalEntry, Photo
from server import photos
from server.gateways import queue
from server.kernel.unit_of_work import raw_connection, unit_of_work
from server.tools import Tools

JOB = "render"
AT_ONCE = 2  # one is in the renderer, the other fetches or stores
_under_way: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()


async def render_after(entry: JournalEntry) -> None:
    """Enqueue the photos that an entry concerns; safe to repeat."""
    if waiting := await photos.named_after(entry.event, entry.subject_id):
        await put_in_line(waiting)


@unit_of_work
async def put_in_line(waiting: Iterable[Photo]) -> None:
    """Enqueue one job per photo; whose sender caused the least work that day goes first."""
    for photo in waiting:
        await queue.enqueue(raw_connection(), JOB, priority=-photo.turn, photo_id=str(photo.id))


@unit_of_work
async def put_in_line_again(left: Iterable[Photo]) -> None:
    """Enqueue photos that seem forgotten, unless they are queued already."""
    for photo in left:
        once = f"{JOB}:{photo.id}"
        await queue.enqueue(
            raw_connection(), JOB, priority=-photo.turn, only_once=once, photo_id=str(photo.id)
        )


async def render(photo_id: UUID, *, tools: Tools) -> None:
    """Make a photo's missing renditions, wherever it is shown; safe to repeat.

    Two events often name one photo in the same moment: the second job waits, and finds the work done.
    """
    async with _under_way.setdefault(photo_id, asyncio.Lock()):
        photo = await Photo.get_or_none(id=photo_id)
        if photo:
            await photos.render(photo, tools=tools)
