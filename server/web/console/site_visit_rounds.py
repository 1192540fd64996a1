"""From the lock to the published result on the console: signals decided, locked, opened by two, sealed, published."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models.vocabulary import RoundAskKind
from server import scoring, site_visits
from server.people import Permission
from server.web.console.pages import go_to
from server.web.console.reading_forms import read_form
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_site_visit_rounds", url_prefix="/site-visits/<visit_id:uuid>")

RUN = desk(Permission.RUN_SCORING, csrf=True)


class WordsForm(Struct, frozen=True):
    """What was found out about a signal."""

    words: Annotated[str, Meta(min_length=1, max_length=200)]


class AskForm(Struct, frozen=True):
    """What takes two persons, and the note that is published with the result."""

    kind: RoundAskKind
    note: Annotated[str, Meta(min_length=1, max_length=300)]


@blueprint.post("/signals/<signal_id:uuid>", name="decide", ctx_guard=RUN)
async def decide(request: Request, visit_id: UUID, signal_id: UUID) -> HTTPResponse:
    """Record what was found out about a signal."""
    words, now = read_form(request, WordsForm).words, tools_of(request).clock.now()
    await scoring.decide_signal(visit_id, signal_id, words=words, by=actor_of(request), now=now)
    return _back(request, visit_id)


@blueprint.post("/lock", name="lock", ctx_guard=RUN)
async def lock(request: Request, visit_id: UUID) -> HTTPResponse:
    """Lock the scoring; from now on no ballot is accepted."""
    tools = tools_of(request)
    await scoring.lock(visit_id, by=actor_of(request), now=tools.clock.now(), tools=tools)
    return _back(request, visit_id)


@blueprint.post("/asks", name="ask", ctx_guard=RUN)
async def ask(request: Request, visit_id: UUID) -> HTTPResponse:
    """Request an unlock or an annulment; another person confirms it."""
    typed, now = read_form(request, AskForm), tools_of(request).clock.now()
    await scoring.ask(visit_id, typed.kind, note=typed.note, by=actor_of(request), now=now)
    return _back(request, visit_id)


@blueprint.post("/asks/<ask_id:uuid>/confirmation", name="confirm", ctx_guard=RUN)
async def confirm(request: Request, visit_id: UUID, ask_id: UUID) -> HTTPResponse:
    """Confirm what another person requested, which carries it out."""
    now = tools_of(request).clock.now()
    await scoring.confirm(visit_id, ask_id, by=actor_of(request), now=now)
    return _back(request, visit_id)


@blueprint.post("/seal", name="seal", ctx_guard=RUN)
async def seal(request: Request, visit_id: UUID) -> HTTPResponse:
    """Seal the scoring for good."""
    tools = tools_of(request)
    await site_visits.seal_visit(visit_id, by=actor_of(request), now=tools.clock.now(), tools=tools)
    return _back(request, visit_id)


@blueprint.post("/result-publication", name="publish_result", ctx_guard=RUN)
async def publish_result(request: Request, visit_id: UUID) -> HTTPResponse:
    """Publish the result, which also enters the year-end assessment."""
    await scoring.publish_result(visit_id, by=actor_of(request), now=tools_of(request).clock.now())
    return _back(request, visit_id)


def _back(request: Request, visit_id: UUID) -> HTTPResponse:
    return go_to(request, f"/console/site-visits/{visit_id}")
