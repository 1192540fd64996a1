"""Photos of a unit's reply, sent from a desk: by the same protocol as from phones, each under its digest."""

from typing import Annotated

from msgspec import Meta
from sanic import Blueprint, HTTPResponse, Request

from server import photos
from server.letters import commands as ask
from server.people import Permission
from server.photos import AnnouncedPhoto
from server.photos.reading import MAX_BYTES
from server.web.console.reading_forms import read_form
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of, answer
from server.web.door.uploading import one_file

blueprint = Blueprint("console_letter_photos", url_prefix="/letters")
NAMED = r"^([0-9a-f]{64}:[1-9][0-9]{0,8})(,[0-9a-f]{64}:[1-9][0-9]{0,8}){0,8}$"


class TypedReply(ask.AtVersion, frozen=True, kw_only=True):
    """A reply as its form sends it; `photos` names what has arrived, as digest:bytes with commas between."""

    text: Annotated[str, Meta(min_length=1, max_length=2000, pattern=r"\S")]
    photos: Annotated[str, Meta(pattern=NAMED)] | None = None


@blueprint.post(
    "/photos/<sha256:digest>",
    name="keep",
    stream=True,
    ctx_guard=desk(Permission.SEND_PHOTOS, csrf=True, max_bytes=None),
)
async def keep_photo(request: Request, sha256: str) -> HTTPResponse:
    """Keep one photo until a reply names it; the same one again changes nothing."""
    tools, now = tools_of(request), tools_of(request).clock.now()
    size = min(MAX_BYTES, int(request.headers.get("content-length", MAX_BYTES)))
    pieces = one_file(request, "file", max_bytes=MAX_BYTES)
    done = await photos.receive(pieces, sha256=sha256, size=size, by=actor_of(request), now=now, tools=tools)
    return answer({"sha256": done.photo.sha256}, status=201 if done.is_new else 200)


def read_reply(request: Request) -> ask.Reply:
    """Return the reply of a form. Raises Malformed or Invalid."""
    typed = read_form(request, TypedReply)
    named = [one.split(":") for one in typed.photos.split(",")] if typed.photos else []
    announced = [AnnouncedPhoto(sha256=digest, bytes=int(size)) for digest, size in named]
    return ask.Reply(version=typed.version, text=typed.text, photos=announced)
