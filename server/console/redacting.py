"""Redacting on the desk: rectangles drawn over faces and plates, and the photos as they are by now."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from server import observations
from server.console.pages import is_part, page
from server.console.reading_forms import read_form
from server.console.review_item import item_of
from server.console.review_part import QUEUE_CHANGED
from server.door.arriving import tools_of
from server.door.guards import desk
from server.door.operations import visitor_of
from server.people import Act
from server.photos import Box, BoxEmpty

blueprint = Blueprint("console_redacting", url_prefix="/review")

SEE = desk(Act.REVIEW_OBSERVATIONS)
REDACT = desk(Act.REVIEW_OBSERVATIONS, csrf=True)


class Redaction(Struct, frozen=True):
    """The photo, and the boxes as JSON: [{left, top, right, bottom}…] in shares of its width and height."""

    photo_id: UUID
    boxes: Annotated[str, Meta(max_length=8000)]


@blueprint.get("/<observation_id:uuid>/photos", name="photos", ctx_guard=SEE)
async def show_photos(request: Request, observation_id: UUID) -> HTTPResponse:
    """A report's photos as they are now; the page asks again while one is being developed."""
    return await _photos(request, observation_id)


@blueprint.post("/<observation_id:uuid>/redactions", name="redact", ctx_guard=REDACT)
async def redact(request: Request, observation_id: UUID) -> HTTPResponse:
    """Black out boxes in a photo; the old one is gone from the page, the new one comes when it is made."""
    typed, visitor, now = read_form(request, Redaction), visitor_of(request), tools_of(request).clock.now()
    try:
        boxes = msgspec.json.decode(typed.boxes, type=list[Box])
    except msgspec.DecodeError as error:
        raise BoxEmpty from error
    await observations.redact_photo(observation_id, photo_id=typed.photo_id, boxes=boxes, by=visitor, now=now)
    return await _photos(request, observation_id, headers=QUEUE_CHANGED)


async def _photos(
    request: Request, observation_id: UUID, *, headers: dict[str, str] | None = None
) -> HTTPResponse:
    visitor, now = visitor_of(request), tools_of(request).clock.now()
    observation = await observations.observation_reviewed_by(visitor, observation_id)
    if not is_part(request):
        return redirect(f"/console/review/{observation_id}", status=303)
    item = await item_of(observation, by=visitor, now=now)
    return await page(request, "review/photos.html", item=item, headers=headers)
