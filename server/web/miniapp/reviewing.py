"""Reviewing on a phone: the office's queues, one report in full, and the decisions on it."""

from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models.vocabulary import ObservationKind
from models.vocabulary import ObservationState as S
from server import cases, observations, photos
from server.cases import refusals as untold
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.kernel.refusal import NoSuchThing, Refusal
from server.ledger import NewItem
from server.ledger.refusals import NotAUnit
from server.observations import SendOn
from server.observations import refusals as no
from server.people import Permission
from server.people.answering import NotItsCommissioner
from server.photos import Count
from server.web.door.admission import tools_of
from server.web.door.guards import phone
from server.web.door.operations import Done, actor_of, answer, operation
from server.web.miniapp.review_cards import ReviewCard, ReviewPage, review_card, review_line

blueprint = Blueprint("reviewing")
REVIEW = phone(Permission.REVIEW_OBSERVATIONS)
DECISION: tuple[type[Refusal], ...] = (no.AlreadyDecided, no.Stale, no.Claimed, no.OwnReport)
TELLING = (
    untold.NarrowAudience,
    untold.NoWordsForUnit,
    untold.NotItsPicture,
    untold.PhotosForNobody,
    untold.PictureNotPassed,
    untold.ReportersWords,
)
NOTHING = Count(announced=0, here=0)
Version = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Show = Literal["waiting", "overdue", "more_asked", "decided"]


class QueueFilter(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which review queue to return, and how much of it."""

    show: Show = "waiting"
    limit: Annotated[int, Meta(ge=1, le=50)] = 50
    cursor: UUID | None = None


class Acceptance(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The item to register in the ledger; with `unit_id` it is dispatched in the same action.

    `released` are photos from the card's `choices`, which the unit is shown with the day's batch.
    """

    version: Version
    title: Annotated[str, Meta(min_length=2, max_length=60)]
    kind: ObservationKind
    summary: Annotated[str, Meta(max_length=2000)] = ""
    place_name: Annotated[str, Meta(max_length=120)] = ""
    task_id: UUID | None = None
    unit_id: UUID | None = None
    days: Annotated[int, Meta(ge=1, le=250)] | None = None
    released: Annotated[list[UUID], Meta(max_length=9)] = []
    narrow_because: Annotated[str, Meta(max_length=500)] = ""


class Reply(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A reason from the catalogue, with the office's own words if wanted."""

    version: Version
    reason: Annotated[str, Meta(min_length=1, max_length=40)]
    words: Annotated[str, Meta(max_length=500)] = ""


class Joining(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The item that a report further supports."""

    version: Version
    item_id: UUID


class Accepted(Done):
    """The number an accepted report got, and the item it belongs to."""

    item_id: UUID
    number: str
    words: str


class Reviewed(Done):
    """A review step after which the report stays with the office."""

    observation_id: UUID

    async def answered(self, request: Request) -> HTTPResponse:
        """Return the current state of the report."""
        return await _card(request, self.observation_id, status=201)


@operation(
    blueprint,
    "GET",
    "/reviews",
    summary="待审核的上报",
    guard=REVIEW,
    query=QueueFilter,
    answers={200: ReviewPage},
    refusals=(NoSuchThing,),
)
async def list_reviews(request: Request, query: QueueFilter) -> HTTPResponse:
    """Return a review queue: waiting (by promised date), late, waiting for the reporter, or decided."""
    actor, today = actor_of(request), business_date(tools_of(request).clock.now())
    behind = await observations.observation_reviewed_by(actor, query.cursor) if query.cursor else None
    more: dict[str, Any] = {"after": behind, "limit": query.limit + 1}
    if query.show == "decided":
        found = await observations.decided(actor, **more)
        total = await observations.count_of_decided(actor)
    else:
        asked: dict[str, Any] = {
            "states": (S.MORE_ASKED,) if query.show == "more_asked" else observations.QUEUE,
            "promised_before": today if query.show == "overdue" else None,
        }
        found = await observations.queue(actor, **more, **asked)
        total = await observations.count_of_queue(actor, **asked)
    found, rest = found[: query.limit], found[query.limit :]
    counts = await photos.counts_of([one.id for one in found])
    known = await calendar()
    lines = [
        review_line(one, count=counts.get(one.id, NOTHING), today=today, calendar=known) for one in found
    ]
    return answer(ReviewPage(lines, total, found[-1].id if rest else None))


@operation(
    blueprint,
    "GET",
    "/reviews/<observation_id:uuid>",
    summary="审核一份上报",
    guard=REVIEW,
    answers={200: ReviewCard},
)
async def see_review(request: Request, observation_id: UUID) -> HTTPResponse:
    """Return a report in full: photos, likely duplicates, proposed title, task and unit, and the reasons on offer."""
    return await _card(request, observation_id)


@operation(
    blueprint,
    "PUT",
    "/reviews/<observation_id:uuid>/claim",
    summary="认领审核",
    guard=REVIEW,
    answers={200: ReviewCard},
    refusals=(no.Claimed,),
)
async def claim_review(request: Request, observation_id: UUID) -> HTTPResponse:
    """Claim a report for ten minutes; repeating it renews the claim."""
    await observations.claim(observation_id, **_who_and_when(request))
    return await _card(request, observation_id)


@operation(
    blueprint,
    "DELETE",
    "/reviews/<observation_id:uuid>/claim",
    summary="放回队列",
    guard=REVIEW,
    answers={204: None},
)
async def let_go_of_review(request: Request, observation_id: UUID) -> HTTPResponse:
    """Release a claim before its ten minutes are over."""
    actor = actor_of(request)
    await observations.observation_reviewed_by(actor, observation_id)
    await observations.let_go(observation_id, by=actor)
    return answer(status=204)


@operation(
    blueprint,
    "POST",
    "/reviews/<observation_id:uuid>/acceptances",
    summary="受理挂号",
    guard=REVIEW,
    body=Acceptance,
    answers={201: Accepted},
    keyed=Accepted,
    refusals=(*DECISION, *TELLING, NotAUnit, NotItsCommissioner, no.NoSuchTask),
)
async def accept_report(request: Request, observation_id: UUID, command: Acceptance) -> Accepted:
    """Accept and register a report; given a unit, dispatch the item at once, due in `days` working days (or 15)."""
    new = NewItem(
        title=command.title,
        kind=command.kind,
        summary=command.summary,
        place_name=command.place_name,
        task_id=command.task_id,
    )
    send_on = SendOn(command.unit_id, days=command.days) if command.unit_id else None
    item = await cases.accept(
        observation_id,
        version=command.version,
        new=new,
        send_on=send_on,
        released=command.released,
        narrow_because=command.narrow_because,
        **_who_and_when(request),
    )
    words = f"已挂号，编号{item.number_text}" + ("，并已分办。" if send_on else "。")
    return Accepted(item.id, item.number_text, words)


@operation(
    blueprint,
    "POST",
    "/reviews/<observation_id:uuid>/joinings",
    summary="并入已有事项",
    guard=REVIEW,
    body=Joining,
    answers={201: Accepted},
    keyed=Accepted,
    refusals=DECISION,
)
async def join_report(request: Request, observation_id: UUID, command: Joining) -> Accepted:
    """Accept a report as a further witness of an item that is already registered."""
    item = await observations.join(
        observation_id, version=command.version, item_id=command.item_id, **_who_and_when(request)
    )
    return Accepted(item.id, item.number_text, f"已并入{item.number_text}。")


@operation(
    blueprint,
    "POST",
    "/reviews/<observation_id:uuid>/questions",
    summary="请上报人补充",
    guard=REVIEW,
    body=Reply,
    may_warn=True,
    answers={201: ReviewCard},
    keyed=Reviewed,
    refusals=(*DECISION, no.NoSuchReason),
)
async def ask_reporter(request: Request, observation_id: UUID, command: Reply) -> Reviewed:
    """Ask the reporter for missing information; the report stays open."""
    await observations.ask_more(observation_id, **_reply(command), **_who_and_when(request))
    return Reviewed(observation_id)


@operation(
    blueprint,
    "POST",
    "/reviews/<observation_id:uuid>/refusals",
    summary="不予采纳",
    guard=REVIEW,
    body=Reply,
    may_warn=True,
    answers={201: ReviewCard},
    keyed=Reviewed,
    refusals=(*DECISION, no.NoSuchReason, no.SecondPairOfEyes),
)
async def decline_report(request: Request, observation_id: UUID, command: Reply) -> Reviewed:
    """Decline a report with a reason; a deputy's report takes two people, and the first one proposes it."""
    await observations.decline(observation_id, **_reply(command), **_who_and_when(request))
    return Reviewed(observation_id)


@operation(
    blueprint,
    "POST",
    "/reviews/<observation_id:uuid>/undoings",
    summary="撤销受理",
    guard=REVIEW,
    answers={201: ReviewCard},
    keyed=Reviewed,
    refusals=(no.UndoOver,),
)
async def undo_report(request: Request, observation_id: UUID) -> Reviewed:
    """Undo an acceptance within a minute, by the same reviewer; the report waits for review again."""
    await cases.undo_acceptance(observation_id, **_who_and_when(request))
    return Reviewed(observation_id)


def _reply(command: Reply) -> dict[str, Any]:
    return {"version": command.version, "reason": command.reason, "words": command.words}


def _who_and_when(request: Request) -> dict[str, Any]:
    return {"by": actor_of(request), "now": tools_of(request).clock.now()}


async def _card(request: Request, observation_id: UUID, *, status: int = 200) -> HTTPResponse:
    observation = await observations.observation_reviewed_by(actor_of(request), observation_id)
    return answer(await review_card(request, observation), status=status)
