"""Signed links to the renditions of a photo, for the person who is viewing it."""

from uuid import UUID

from sanic import Request

from models import Person, Photo
from server import photos
from server.web.door.admission import tools_of


def photo_links(
    request: Request, photo: Photo, *, subject_id: UUID, to: Person
) -> list[tuple[str, int, int, str]]:
    """Return (size, width, height, url) of each rendition made for this subject; urls expire within five minutes."""
    tools = tools_of(request)
    now, keys = tools.clock.now(), tools.keys
    return [
        (one.size, one.width, one.height, photos.link(one, to=to, now=now, keys=keys))
        for one in sorted(photo.renditions, key=lambda rendition: -rendition.width)
        if one.subject_id == subject_id and one.withdrawn_at is None
    ]
