"""Redacting on the console: rectangles drawn over faces and plates, and the photos as they are now."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from server import observations
from server.people import Permission
from server.photos import Box, BoxEmpty
from server.web.console.pages import is_part, page
from server.web.console.reading_forms import read_form
from server.web.console.review_item import item_of
from server.web.console.review_part import QUEUE_CHANGED
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_redacting", url_prefix="/review")

SEE = desk(Permission.REVIEW_OBSERVATIONS)
REDACT = desk(Permission.REVIEW_OBSERVATIONS, csrf=True)


class Redaction(Struct, frozen=True):
    """The photo, and the boxes as JSON: [{left, top, right, bottom}…] as fractions of its width and height."""

    photo_id: UUID
    boxes: Annotated[str, Meta(max_length=8000)]


@blueprint.get("/<observation_id:uuid>/photos", name="photos", ctx_guard=SEE)
async def show_photos(request: Request, observation_id: UUID) -> HTTPResponse:
    """Show a report's photos as they are now; the page polls while one is being rendered."""
    return await _photos(request, observation_id)


@blueprint.post("/<observation_id:uuid>/redactions", name="redact", ctx_guard=REDACT)
async def redact(request: Request, observation_id: UUID) -> HTTPResponse:
    """Black out boxes in a photo; the old photo leaves the page at once, the new one appears when it is ready."""
    typed, actor, now = read_form(request, Redaction), actor_of(request), tools_of(request).clock.now()
    try:
        boxes = msgspec.json.decode(typed.boxes, type=list[Box])
    except msgspec.DecodeError as error:
        raise BoxEmpty from error
    await observations.redact_photo(observation_id, photo_id=typed.photo_id, boxes=boxes, by=actor, now=now)
    return await _photos(request, observation_id, headers=QUEUE_CHANGED)


async def _photos(
    request: Request, observation_id: UUID, *, headers: dict[str, str] | None = None
) -> HTTPResponse:
    actor, now = actor_of(request), tools_of(request).clock.now()
    observation = await observations.observation_reviewed_by(actor, observation_id)
    if not is_part(request):
        return redirect(f"/console/review/{observation_id}", status=303)
    item = await item_of(observation, by=actor, now=now)
    return await page(request, "review/photos.html", item=item, headers=headers)
