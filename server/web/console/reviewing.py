"""Reviewing: the queue, one report in full, and the three decisions, all usable by keyboard."""

from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from models.vocabulary import ObservationKind, ObservationState
from server import cases, observations
from server.kernel.clock import business_date
from server.ledger import NewItem
from server.observations import SendOn
from server.people import Permission
from server.web.console.choices import chosen_task, chosen_unit
from server.web.console.pages import is_part, page
from server.web.console.reading_forms import read_filter, read_form, ticked
from server.web.console.refusals import UnitNotKnown
from server.web.console.review_part import QUEUE_CHANGED, Done, address, deciding, part, whole_page
from server.web.console.review_queue import Show, queue_of
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_reviewing", url_prefix="/review")

SEE = desk(Permission.REVIEW_OBSERVATIONS)
DECIDE = desk(Permission.REVIEW_OBSERVATIONS, csrf=True)
PICTURE = "picture-"  # a box for each photo, named by its id
Words = Annotated[str, Meta(max_length=500)]


class Which(Struct, frozen=True):
    """The list and page to show, and the report that is open."""

    show: Show = "waiting"
    here: UUID | None = None
    after: UUID | None = None


class Acceptance(Struct, frozen=True, kw_only=True):
    """What the office enters when it accepts; task and unit as chosen from their lists."""

    version: int
    title: Annotated[str, Meta(min_length=2, max_length=60)]
    kind: ObservationKind
    category: Annotated[str, Meta(max_length=24)] = ""
    task: Annotated[str, Meta(max_length=200)] = ""
    lead_unit: Annotated[str, Meta(max_length=80)] = ""
    place_name: Annotated[str, Meta(max_length=120)] = ""
    summary: Annotated[str, Meta(max_length=2000)] = ""
    send: Literal["on", ""] = ""
    days: Annotated[int, Meta(ge=1, le=250)] | None = None
    narrow_because: Annotated[str, Meta(max_length=500)] = ""
    show: Show = "waiting"


class Joining(Struct, frozen=True, kw_only=True):
    """The item that a report further supports."""

    version: int
    item_id: UUID
    show: Show = "waiting"


class HandOver(Struct, frozen=True, kw_only=True):
    """The office that a report belongs to, and why."""

    version: int
    office_id: UUID
    reason: Annotated[str, Meta(min_length=2, max_length=200)]
    show: Show = "waiting"


class Answer(Struct, frozen=True, kw_only=True):
    """A reason from the catalogue and the office's own words."""

    version: int
    reason: Annotated[str, Meta(max_length=40)] = ""
    words: Words = ""
    show: Show = "waiting"


@blueprint.get("/", name="first", ctx_guard=SEE)
async def show_first(request: Request) -> HTTPResponse:
    """Show the list with its first report open."""
    which = read_filter(request, Which)
    return await whole_page(request, None, show=which.show, after=which.after)


@blueprint.get("/list", name="list", ctx_guard=SEE)
async def show_list(request: Request) -> HTTPResponse:
    """Show the current list alone."""
    which, now = read_filter(request, Which), tools_of(request).clock.now()
    queue = await queue_of(actor_of(request), show=which.show, now=now, after=which.after)
    return await page(request, "review/queue.html", queue=queue, here=which.here)


@blueprint.get("/<observation_id:uuid>", name="one", ctx_guard=SEE)
async def show_one(request: Request, observation_id: UUID) -> HTTPResponse:
    """Show one report, with the list beside it unless only the report is requested."""
    observation = await observations.observation_reviewed_by(actor_of(request), observation_id)
    which = read_filter(request, Which)
    if is_part(request):
        return await part(request, observation, show=which.show)
    return await whole_page(request, observation, show=which.show, after=which.after)


@blueprint.post("/<observation_id:uuid>/acceptance", name="accept", ctx_guard=DECIDE)
async def accept(request: Request, observation_id: UUID) -> HTTPResponse:
    """Accept and register a report, then open the next one."""
    typed, actor, now = read_form(request, Acceptance), actor_of(request), tools_of(request).clock.now()

    async def do() -> Done:
        unit_id = await chosen_unit(typed.lead_unit)
        item = await cases.accept(
            observation_id,
            version=typed.version,
            new=await _new_item(typed, unit_id=unit_id, year=business_date(now).year),
            by=actor,
            now=now,
            send_on=_send_on(typed, unit_id=unit_id),
            released=ticked(request, PICTURE),
            narrow_because=typed.narrow_because,
        )
        said = "已挂号并分办" if typed.send else "已挂号"
        return Done(said, item.number_text, f"/console/ledger/{item.id}", aside=item.title)

    return await deciding(request, observation_id, do, show=typed.show)


@blueprint.post("/<observation_id:uuid>/undoing", name="undo", ctx_guard=DECIDE)
async def undo(request: Request, observation_id: UUID) -> HTTPResponse:
    """Undo an acceptance within a minute and open the report again."""
    actor = actor_of(request)
    await cases.undo_acceptance(observation_id, by=actor, now=tools_of(request).clock.now())
    if not is_part(request):
        return redirect(f"/console/review/{observation_id}", status=303)
    observation = await observations.observation_reviewed_by(actor, observation_id)
    headers = QUEUE_CHANGED | {"HX-Replace-Url": address(observation, show="waiting")}
    done = Done("已撤销受理，重新审核", observation.receipt_number, f"/console/review/{observation_id}")
    return await part(request, observation, show="waiting", headers=headers, done=done)


@blueprint.post("/<observation_id:uuid>/joining", name="join", ctx_guard=DECIDE)
async def join(request: Request, observation_id: UUID) -> HTTPResponse:
    """Accept a report as a further witness of an item, then open the next one."""
    typed, actor, now = read_form(request, Joining), actor_of(request), tools_of(request).clock.now()

    async def do() -> Done:
        item = await observations.join(
            observation_id, version=typed.version, item_id=typed.item_id, by=actor, now=now
        )
        return Done("已并入", item.number_text, f"/console/ledger/{item.id}", aside=item.title)

    return await deciding(request, observation_id, do, show=typed.show)


@blueprint.post("/<observation_id:uuid>/question", name="ask_more", ctx_guard=DECIDE)
async def ask_more(request: Request, observation_id: UUID) -> HTTPResponse:
    """Ask the reporter for missing information, then open the next report."""
    return await _answer(request, observation_id, verb=observations.ask_more, said="已请上报人补充")


@blueprint.post("/<observation_id:uuid>/refusal", name="decline", ctx_guard=DECIDE)
async def decline(request: Request, observation_id: UUID) -> HTTPResponse:
    """Decline a report with a reason, then open the next one."""
    return await _answer(request, observation_id, verb=observations.decline, said="已回复不予采纳")


@blueprint.post("/<observation_id:uuid>/handing-over", name="hand_over", ctx_guard=DECIDE)
async def hand_over(request: Request, observation_id: UUID) -> HTTPResponse:
    """Hand a report over to another office, then open the next one."""
    typed, actor, now = read_form(request, HandOver), actor_of(request), tools_of(request).clock.now()

    async def do() -> Done:
        found = await observations.hand_over(
            observation_id,
            version=typed.version,
            office_id=typed.office_id,
            reason=typed.reason,
            by=actor,
            now=now,
        )
        return Done("已转交其他改革办", found.receipt_number, f"/console/review/{observation_id}")

    return await deciding(request, observation_id, do, show=typed.show)


async def _answer(request: Request, observation_id: UUID, *, verb: Any, said: str) -> HTTPResponse:
    typed, actor, now = (
        read_form(request, Answer, may_warn=True),
        actor_of(request),
        tools_of(request).clock.now(),
    )

    async def do() -> Done:
        found = await verb(
            observation_id, version=typed.version, reason=typed.reason, words=typed.words, by=actor, now=now
        )
        is_half = verb is observations.decline and found.state is not ObservationState.DECLINED
        words = "已提出不予采纳，请另一位同志复核" if is_half else said
        return Done(words, found.receipt_number, f"/console/review/{observation_id}?show=decided")

    return await deciding(request, observation_id, do, show=typed.show)


async def _new_item(typed: Acceptance, *, unit_id: UUID | None, year: int) -> NewItem:
    return NewItem(
        title=typed.title,
        kind=typed.kind,
        summary=typed.summary,
        place_name=typed.place_name,
        task_id=await chosen_task(typed.task, year=year),
        lead_unit_id=unit_id,
        category=typed.category or None,
    )


def _send_on(typed: Acceptance, *, unit_id: UUID | None) -> SendOn | None:
    """Return where an accepted matter goes in the same action. Raises UnitNotKnown if no unit is named."""
    if not typed.send:
        return None
    if unit_id is None:
        raise UnitNotKnown("同时分办要先填写牵头单位。")
    return SendOn(unit_id, days=typed.days)
