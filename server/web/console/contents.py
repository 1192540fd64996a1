"""Content security on the console: content that WeChat did not pass waits here for a decision, with the reason."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models.vocabulary import ContentDecision
from server import moderation, observations, people, reporters
from server.moderation import Queue
from server.people import Permission
from server.web.console.pages import go_to, is_part, page
from server.web.console.reading_forms import read_filter, read_form
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_contents", url_prefix="/contents")

SEE, DECIDE = desk(Permission.REVIEW_OBSERVATIONS), desk(Permission.REVIEW_OBSERVATIONS, csrf=True)
LABELS: dict[Queue, str] = {"held": "待人工", "pending": "等微信结果", "decided": "人工已定"}
PAGE = 20


class WhichLine(Struct, frozen=True):
    """Which queue to show, and which page of it."""

    show: Queue = "held"
    page: Annotated[int, Meta(ge=1, le=1000)] = 1


class DecisionForm(WhichLine, frozen=True, kw_only=True):
    """A decision on one content, at the version that was on the screen."""

    version: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    decision: ContentDecision
    words: Annotated[str, Meta(max_length=200)] = ""
    back: Literal["line", "report"] = "line"


@blueprint.get("/", name="list", ctx_guard=SEE)
async def show_line(request: Request) -> HTTPResponse:
    """Show what waits for a decision, the oldest first, each with its picture or text and the reason."""
    return await _line(request, read_filter(request, WhichLine))


@blueprint.post("/<check_id:uuid>/decision", name="decide", ctx_guard=DECIDE)
async def decide(request: Request, check_id: UUID) -> HTTPResponse:
    """Show content to others or hide it from them; if one queue is open, the answer shows what is left in it."""
    typed, actor = read_form(request, DecisionForm), actor_of(request)
    check = await moderation.decide(
        check_id,
        version=typed.version,
        decision=typed.decision,
        words=typed.words,
        by=actor,
        now=tools_of(request).clock.now(),
    )
    if typed.back == "report":
        return await _report(request, check.subject_id)
    if is_part(request):
        return await _line(request, WhichLine(typed.show, typed.page))
    return go_to(request, f"/console/contents?show={typed.show}")


async def _line(request: Request, wanted: WhichLine) -> HTTPResponse:
    actor = actor_of(request)
    counts = {one: await moderation.count_of_queue(actor, line=one) for one in LABELS}
    last = max(1, -(-counts[wanted.show] // PAGE))  # the last content of a page may just have been decided
    here = min(wanted.page, last)
    held = await moderation.queue(actor, line=wanted.show, limit=PAGE, offset=PAGE * (here - 1))
    return await page(
        request,
        "contents/part.html" if is_part(request) else "contents/list.html",
        held=held,
        deciders=await _deciders(held),
        own=await _own(actor, held),
        wanted=wanted,
        here=here,
        last=last,
        tabs=[(one, label, counts[one]) for one, label in LABELS.items()],
        total=counts[wanted.show],
    )


async def _report(request: Request, report_id: UUID) -> HTTPResponse:
    if not is_part(request):
        return go_to(request, f"/console/review/{report_id}")
    report = await observations.observation_reviewed_by(actor_of(request), report_id)
    return await page(
        request,
        "review/contents.html",
        contents=await moderation.of(report),
        is_own=await reporters.sent_by(actor_of(request).person.id, report_id),
    )


async def _own(actor: people.Actor, held: list[moderation.Held]) -> set[UUID]:
    """Return the reports that the reader sent themselves; another person must decide about them."""
    senders = await reporters.reporters_of({one.report.id for one in held})
    return {report for report, sender in senders.items() if sender == actor.person.id}


async def _deciders(held: list[moderation.Held]) -> dict[UUID, str]:
    decided = (one.check.decided_by_id for one in held)
    return await people.designations_of(one for one in decided if one)
