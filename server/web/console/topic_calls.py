"""Topic calls on the console: the list, calling, one call with its answers, and the register of what was published."""

import re
from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models.vocabulary import MediaKind
from server import files, topic_calls
from server.kernel.clock import business_date
from server.people import Permission
from server.topic_calls import AnswerCall, CallTopic, EnterMedia, MediaFilter
from server.web.console.choices import unit_choices
from server.web.console.item_forms import unit_named
from server.web.console.pages import go_to, page
from server.web.console.reading_forms import read_filter, read_form
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_topic_calls", url_prefix="/topic-calls")

SEE, CALL = desk(Permission.SEE_OBLIGATIONS), desk(Permission.CALL_TOPICS, csrf=True)
HERE = "/console/topic-calls"
NAMES = re.compile(r"[\s,，、;；]+")


class CallForm(Struct, frozen=True, kw_only=True):
    """A topic as typed; the units by their names."""

    title: Annotated[str, Meta(min_length=2, max_length=60)]
    due_on: date
    units: Annotated[str, Meta(min_length=2, max_length=4000)]
    text: Annotated[str, Meta(max_length=8000)] = ""


@blueprint.get("/", name="list", ctx_guard=SEE)
async def show_list(request: Request) -> HTTPResponse:
    """Show the calls that the reader made or was asked by."""
    return await page(request, "topic_calls/list.html", calls=await topic_calls.calls_of(actor_of(request)))


@blueprint.get("/new", name="new", ctx_guard=desk(Permission.CALL_TOPICS))
async def start(request: Request) -> HTTPResponse:
    """Show the form for a topic."""
    today = business_date(tools_of(request).clock.now())
    return await page(request, "topic_calls/new.html", units=await unit_choices(), today=today)


@blueprint.post("/", name="call", ctx_guard=CALL)
async def call(request: Request) -> HTTPResponse:
    """Set a topic; each unit owes an answer from now on."""
    typed = read_form(request, CallForm)
    unit_ids = [await unit_named(name) for name in NAMES.split(typed.units) if name]
    command = CallTopic(title=typed.title, due_on=typed.due_on, unit_ids=unit_ids, text=typed.text)
    made = await topic_calls.call_topic(command, by=actor_of(request), now=tools_of(request).clock.now())
    return go_to(request, f"{HERE}/{made.id}")


@blueprint.get("/<call_id:uuid>", name="one", ctx_guard=SEE)
async def show_call(request: Request, call_id: UUID) -> HTTPResponse:
    """Show a call: who has answered, the answers with their files, and the form to answer."""
    actor, today = actor_of(request), business_date(tools_of(request).clock.now())
    one = await topic_calls.call_seen_by(actor, call_id)
    owed = await topic_calls.owed_for(actor, one, today=today)
    answers = await topic_calls.answers_of(actor, one)
    own = {one.organisation_id for one in actor.duties if one.organisation_id}
    return await page(
        request,
        "topic_calls/call.html",
        call=one,
        owed=owed,
        answers=answers,
        files=await files.files_of([answer.id for answer in answers]),
        own=own,
        is_asked=any(it.owed.organisation_id in own for it in owed),
        kinds=MediaKind,
        today=today,
    )


@blueprint.post("/<call_id:uuid>/answers", name="answer", ctx_guard=desk(Permission.HAND_IN, csrf=True))
async def answer(request: Request, call_id: UUID) -> HTTPResponse:
    """Answer a call for one's own unit."""
    command, now = read_form(request, AnswerCall), tools_of(request).clock.now()
    await topic_calls.answer_call(call_id, command, by=actor_of(request), now=now)
    return go_to(request, f"{HERE}/{call_id}")


@blueprint.get("/answers/<topic_answer_id:uuid>", name="of_answer", ctx_guard=SEE)
async def show_answer(request: Request, topic_answer_id: UUID) -> HTTPResponse:
    """Go to the call that an answer belongs to."""
    found = await topic_calls.answer_seen_by(actor_of(request), topic_answer_id)
    return go_to(request, f"{HERE}/{found.call_id}")


@blueprint.get("/media", name="media", ctx_guard=SEE)
async def show_media(request: Request) -> HTTPResponse:
    """Show what was published, with source and link."""
    actor, wanted = actor_of(request), read_filter(request, MediaFilter)
    found = await topic_calls.media_of(actor, wanted)
    shown = found[: wanted.limit]
    return await page(
        request,
        "topic_calls/media.html",
        items=shown,
        wanted=wanted,
        kinds=MediaKind,
        total=await topic_calls.media_wanted(actor, wanted).count(),
        next_after=shown[-1].id if len(found) > wanted.limit else None,
        today=business_date(tools_of(request).clock.now()),
    )


@blueprint.post("/media", name="enter_media", ctx_guard=CALL)
async def enter_media(request: Request) -> HTTPResponse:
    """Enter something published."""
    command, now = read_form(request, EnterMedia), tools_of(request).clock.now()
    await topic_calls.enter_media(command, by=actor_of(request), now=now)
    return go_to(request, f"{HERE}/media")
