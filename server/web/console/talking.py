"""The conversation with a reporter under their report: writing to them, and marking their answers as read."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from server import observations
from server.people import Permission
from server.web.console.pages import is_part, page
from server.web.console.reading_forms import read_form
from server.web.console.review_part import QUEUE_CHANGED
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_talking", url_prefix="/review")

TALK = desk(Permission.REVIEW_OBSERVATIONS, csrf=True)


class Words(Struct, frozen=True):
    """What the office writes to the reporter."""

    text: Annotated[str, Meta(min_length=1, max_length=500)]


@blueprint.post("/<observation_id:uuid>/messages", name="say", ctx_guard=TALK)
async def say(request: Request, observation_id: UUID) -> HTTPResponse:
    """Write to the reporter; the report keeps its place in the queue."""
    text, now = read_form(request, Words, may_warn=True).text, tools_of(request).clock.now()
    await observations.say_as_office(observation_id, text=text, by=actor_of(request), now=now)
    return await _thread(request, observation_id)


@blueprint.post("/<observation_id:uuid>/reading", name="read", ctx_guard=TALK)
async def read(request: Request, observation_id: UUID) -> HTTPResponse:
    """Note that the reporter's message was read and needs no answer."""
    await observations.read_thread(observation_id, by=actor_of(request))
    return await _thread(request, observation_id)


async def _thread(request: Request, observation_id: UUID) -> HTTPResponse:
    observation = await observations.observation_reviewed_by(actor_of(request), observation_id)
    if not is_part(request):
        return redirect(f"/console/review/{observation_id}#thread", status=303)
    thread = await observations.thread_of(observation)
    return await page(request, "review/thread.html", one=observation, thread=thread, headers=QUEUE_CHANGED)
