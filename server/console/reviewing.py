"""Reviewing: the line of reports, one report large, and the three decisions, all of it also by keyboard."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from models import Observation
from models.vocabulary import ObservationKind
from server import observations
from server.clock import business_date
from server.console.choices import chosen_task, chosen_unit, task_choices, unit_choices
from server.console.pages import is_part, page
from server.console.reading_forms import read_filter, read_form
from server.console.refusals import UnitNotKnown
from server.console.review_item import item_of
from server.console.review_queue import Show, queue_of, wanted
from server.door.arriving import tools_of
from server.door.guards import desk
from server.door.operations import visitor_of
from server.ledger import NewItem
from server.observations import SendOn
from server.observations.refusals import AlreadyDecided, Stale
from server.people import Act
from server.refusal import Refusal

blueprint = Blueprint("console_reviewing", url_prefix="/review")

SEE = desk(Act.REVIEW_OBSERVATIONS)
DECIDE = desk(Act.REVIEW_OBSERVATIONS, csrf=True)
QUEUE_CHANGED = {"HX-Trigger": "queue-changed"}
Words = Annotated[str, Meta(max_length=500)]


class Which(Struct, frozen=True):
    """Which list is looked at, and which report of it is open."""

    show: Show = "waiting"
    here: UUID | None = None


class Acceptance(Struct, frozen=True, kw_only=True):
    """What the office writes down when it accepts; task and unit as they were chosen from their lists."""

    version: int
    title: Annotated[str, Meta(min_length=2, max_length=60)]
    kind: ObservationKind
    task: Annotated[str, Meta(max_length=200)] = ""
    lead_unit: Annotated[str, Meta(max_length=80)] = ""
    place_name: Annotated[str, Meta(max_length=120)] = ""
    summary: Annotated[str, Meta(max_length=2000)] = ""
    send: Literal["on", ""] = ""
    days: Annotated[int, Meta(ge=1, le=250)] | None = None
    show: Show = "waiting"


class Joining(Struct, frozen=True, kw_only=True):
    """The item that a report is one more witness of."""

    version: int
    item_id: UUID
    show: Show = "waiting"


class Answer(Struct, frozen=True, kw_only=True):
    """A reason of the catalogue and the office's own words."""

    version: int
    reason: Annotated[str, Meta(max_length=40)] = ""
    words: Words = ""
    show: Show = "waiting"


@dataclass(frozen=True)
class Done:
    """What a notice says of a decision: the words, a number that leads to it, and what stands below."""

    words: str
    number: str
    address: str
    aside: str = ""
    undo: str = ""  # where the deed can be taken back, for a minute


@blueprint.get("/", name="first", ctx_guard=SEE)
async def show_first(request: Request) -> HTTPResponse:
    """The list with its first report open."""
    show = read_filter(request, Which).show
    return await _whole_page(request, None, show=show)


@blueprint.get("/list", name="list", ctx_guard=SEE)
async def show_list(request: Request) -> HTTPResponse:
    """The list alone, as it is now."""
    which, now = read_filter(request, Which), tools_of(request).clock.now()
    queue = await queue_of(visitor_of(request), show=which.show, now=now)
    return await page(request, "review/queue.html", queue=queue, here=which.here)


@blueprint.get("/<observation_id:uuid>", name="one", ctx_guard=SEE)
async def show_one(request: Request, observation_id: UUID) -> HTTPResponse:
    """One report, with the list beside it unless only the report is asked for."""
    observation = await observations.observation_reviewed_by(visitor_of(request), observation_id)
    show = read_filter(request, Which).show
    if is_part(request):
        return await _part(request, observation, show=show)
    return await _whole_page(request, observation, show=show)


@blueprint.post("/<observation_id:uuid>/acceptance", name="accept", ctx_guard=DECIDE)
async def accept(request: Request, observation_id: UUID) -> HTTPResponse:
    """Accept and register; the next report opens."""
    typed, visitor, now = read_form(request, Acceptance), visitor_of(request), tools_of(request).clock.now()
    unit_id = await chosen_unit(typed.lead_unit)
    new = NewItem(
        title=typed.title,
        kind=typed.kind,
        summary=typed.summary,
        place_name=typed.place_name,
        task_id=await chosen_task(typed.task, year=business_date(now).year),
        lead_unit_id=unit_id,
    )
    try:
        item = await observations.accept(
            observation_id,
            version=typed.version,
            new=new,
            by=visitor,
            now=now,
            send_on=_send_on(typed, unit_id=unit_id),
        )
    except (AlreadyDecided, Stale) as refusal:
        return await _overtaken(request, observation_id, refusal=refusal, show=typed.show)
    done = Done(
        "已挂号并分办" if typed.send else "已挂号",
        item.number_text,
        f"/console/ledger/{item.id}",
        aside=item.title,
        undo=f"/console/review/{observation_id}/undoing",
    )
    return await _next(request, observation_id, show=typed.show, done=done)


@blueprint.post("/<observation_id:uuid>/undoing", name="undo", ctx_guard=DECIDE)
async def undo(request: Request, observation_id: UUID) -> HTTPResponse:
    """Take an acceptance back within a minute; the report opens again."""
    visitor = visitor_of(request)
    await observations.undo_acceptance(observation_id, by=visitor, now=tools_of(request).clock.now())
    if not is_part(request):
        return redirect(f"/console/review/{observation_id}", status=303)
    observation = await observations.observation_reviewed_by(visitor, observation_id)
    headers = QUEUE_CHANGED | {"HX-Replace-Url": _address(observation, show="waiting")}
    done = Done("已撤销受理,重新审核", observation.receipt_number, f"/console/review/{observation_id}")
    return await _part(request, observation, show="waiting", headers=headers, done=done)


@blueprint.post("/<observation_id:uuid>/joining", name="join", ctx_guard=DECIDE)
async def join(request: Request, observation_id: UUID) -> HTTPResponse:
    """Accept a report as one more witness of an item; the next report opens."""
    typed, visitor, now = read_form(request, Joining), visitor_of(request), tools_of(request).clock.now()
    try:
        item = await observations.join(
            observation_id, version=typed.version, item_id=typed.item_id, by=visitor, now=now
        )
    except (AlreadyDecided, Stale) as refusal:
        return await _overtaken(request, observation_id, refusal=refusal, show=typed.show)
    done = Done("已并入", item.number_text, f"/console/ledger/{item.id}", aside=item.title)
    return await _next(request, observation_id, show=typed.show, done=done)


@blueprint.post("/<observation_id:uuid>/question", name="ask_more", ctx_guard=DECIDE)
async def ask_more(request: Request, observation_id: UUID) -> HTTPResponse:
    """Ask the reporter for what is missing; the next report opens."""
    return await _answer(request, observation_id, verb=observations.ask_more, said="已请上报人补充")


@blueprint.post("/<observation_id:uuid>/refusal", name="decline", ctx_guard=DECIDE)
async def decline(request: Request, observation_id: UUID) -> HTTPResponse:
    """Decline with a reason; the next report opens."""
    return await _answer(request, observation_id, verb=observations.decline, said="已回复不予采纳")


async def _answer(request: Request, observation_id: UUID, *, verb: Any, said: str) -> HTTPResponse:
    typed, visitor, now = read_form(request, Answer), visitor_of(request), tools_of(request).clock.now()
    try:
        observation = await verb(
            observation_id, version=typed.version, reason=typed.reason, words=typed.words, by=visitor, now=now
        )
    except (AlreadyDecided, Stale) as refusal:
        return await _overtaken(request, observation_id, refusal=refusal, show=typed.show)
    if observation.state in observations.QUEUE:  # one of two has declined
        said = "已提出不予采纳,请另一位同志复核"
    done = Done(said, observation.receipt_number, f"/console/review/{observation_id}?show=decided")
    return await _next(request, observation_id, show=typed.show, done=done)


def _send_on(typed: Acceptance, *, unit_id: UUID | None) -> SendOn | None:
    """Where an accepted matter goes in the same act; raises UnitNotKnown if it should go nowhere."""
    if not typed.send:
        return None
    if unit_id is None:
        raise UnitNotKnown("同时分办要先填写牵头单位。")
    return SendOn(unit_id, days=typed.days)


async def _next(request: Request, done_id: UUID, *, show: Show, done: Done) -> HTTPResponse:
    """What follows a decision: the notice of it, and the next report of the line."""
    visitor = visitor_of(request)
    after = await observations.observation_reviewed_by(visitor, done_id)
    today = business_date(tools_of(request).clock.now())
    following = await observations.next_in_queue(visitor, after=after, **wanted(show, today=today))
    observation = following and await observations.observation_reviewed_by(visitor, following.id)
    address = _address(observation, show=show)
    if not is_part(request):
        return redirect(address, status=303)
    headers = QUEUE_CHANGED | {"HX-Replace-Url": address}
    return await _part(request, observation, show=show, headers=headers, done=done)


async def _overtaken(request: Request, observation_id: UUID, *, refusal: Refusal, show: Show) -> HTTPResponse:
    """Somebody was faster: the report as it is now, with what happened above it."""
    if not is_part(request):
        raise refusal
    observation = await observations.observation_reviewed_by(visitor_of(request), observation_id)
    return await _part(
        request, observation, show=show, headers=QUEUE_CHANGED, status=refusal.status, refusal=refusal
    )


async def _part(
    request: Request,
    observation: Observation | None,
    *,
    show: Show,
    status: int = 200,
    headers: dict[str, str] | None = None,
    done: Done | None = None,
    refusal: Refusal | None = None,
) -> HTTPResponse:
    item = observation and await item_of(
        observation, by=visitor_of(request), now=tools_of(request).clock.now()
    )
    return await page(
        request,
        "review/part.html",
        status=status,
        headers=headers,
        item=item,
        show=show,
        done=done,
        refusal=refusal,
    )


async def _whole_page(request: Request, observation: Observation | None, *, show: Show) -> HTTPResponse:
    now, visitor = tools_of(request).clock.now(), visitor_of(request)
    queue = await queue_of(visitor, show=show, now=now)
    chosen = observation
    if observation is None and queue.lines:
        observation = await observations.observation_reviewed_by(visitor, queue.lines[0].observation.id)
    return await page(
        request,
        "review/page.html",
        queue=queue,
        show=show,
        here=observation and observation.id,
        is_chosen=chosen is not None,
        item=observation and await item_of(observation, by=visitor, now=now),
        done=None,
        refusal=None,
        tasks=await task_choices(business_date(now).year),
        units=await unit_choices(),
    )


def _address(observation: Observation | None, *, show: Show) -> str:
    tail = "" if show == "waiting" else f"?show={show}"
    return f"/console/review/{observation.id}{tail}" if observation else f"/console/review{tail}"
