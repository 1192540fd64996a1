"""The review queue as the review page lists it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, TypedDict
from urllib.parse import urlencode
from uuid import UUID

from models import Observation
from models.vocabulary import ObservationState as S
from server import observations, people, photos
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.kernel.set_sql import count_each
from server.people import Actor
from server.photos import Count, Cover
from server.web.console.words import promise_left

Show = Literal["waiting", "overdue", "more_asked", "answered", "decided"]
LABELS: dict[Show, str] = {
    "waiting": "待审核",
    "overdue": "超期",
    "more_asked": "待补充",
    "answered": "新留言",
    "decided": "已处理",
}
PAGE = 50
NOTHING = Count(announced=0, here=0)


class Wanted(TypedDict):
    """The conditions for the reports in a list."""

    states: tuple[S, ...]
    promised_before: date | None


@dataclass(frozen=True)
class QueueRow:
    """A report in the list."""

    observation: Observation
    count: Count
    cover: Cover | None
    left: str
    colour: str
    holder: str  # the other person who is reviewing it

    @property
    def is_whole(self) -> bool:
        return self.count.here >= self.count.announced


@dataclass(frozen=True)
class Queue:
    """A page of a list: its lines, the total, and the numbers on its tabs."""

    show: Show
    lines: list[QueueRow]
    total: int
    tabs: list[tuple[Show, str, int | None]]
    after: UUID | None  # the report after which it begins; None at the start of the queue
    has_more: bool

    @property
    def label(self) -> str:
        return LABELS[self.show]

    @property
    def next_page(self) -> str:
        """Return the address of the next page, empty on the last one."""
        return _address(self.show, after=self.lines[-1].observation.id) if self.has_more else ""

    @property
    def first_page(self) -> str:
        """Return the address of the start of the queue."""
        return _address(self.show)

    @property
    def itself(self) -> str:
        """Return the address from which the list refreshes itself."""
        return _address(self.show, after=self.after).replace("/console/review", "/console/review/list", 1)

    def address_of(self, report: UUID) -> str:
        """Return the address of a report opened beside this page of the list."""
        return _address(self.show, report=report, after=self.after)


def _address(show: Show, *, report: UUID | None = None, after: UUID | None = None) -> str:
    said: dict[str, str] = {} if show == "waiting" else {"show": show}
    said |= {"after": str(after)} if after else {}
    path = f"/console/review/{report}" if report else "/console/review"
    return f"{path}?{urlencode(said)}" if said else path


async def queue_of(actor: Actor, *, show: Show, now: datetime, after: UUID | None = None) -> Queue:
    """Return a page of the requested list, the most urgent first; `after` is the last report of the previous page.

    Raises NoSuchThing for a report that the actor may not review.
    """
    today = business_date(now)
    behind = await observations.observation_reviewed_by(actor, after) if after else None
    lines_of: tuple[Show, ...] = ("waiting", "overdue", "more_asked")
    lines = {one: observations.in_line(actor, **wanted(one, today=today)) for one in lines_of}
    lines["answered"] = observations.in_unanswered(actor)
    if show == "decided":
        lines[show] = observations.in_decided(actor)
    counts = dict(zip(lines, await count_each(list(lines.values())), strict=True))
    page: dict[str, Any] = {"after": behind, "limit": PAGE + 1}
    if show == "decided":
        found = await observations.decided(actor, **page)
    elif show == "answered":
        found = await observations.unanswered(actor, **page)
    else:
        found = await observations.queue(actor, **wanted(show, today=today), **page)
    tabs = [(one, label, None if one == "decided" else counts[one]) for one, label in LABELS.items()]
    rows = await _rows(found[:PAGE], actor=actor, now=now)
    return Queue(show, rows, counts[show], tabs, after, has_more=len(found) > PAGE)


def wanted(show: Show, *, today: date) -> Wanted:
    """Return the conditions for a tab; after the last decision in any other list, the usual queue continues."""
    return Wanted(
        states=(S.MORE_ASKED,) if show == "more_asked" else observations.QUEUE,
        promised_before=today if show == "overdue" else None,
    )


async def _rows(found: list[Observation], *, actor: Actor, now: datetime) -> list[QueueRow]:
    ids = [one.id for one in found]
    counts, covers = await photos.counts_of(ids), await photos.covers_of(ids)
    holders = {one.id: observations.in_other_hands(one, of=actor, now=now) for one in found}
    named = await people.designations_of(holder for holder in holders.values() if holder)
    today, known = business_date(now), await calendar()
    return [
        QueueRow(
            one,
            counts.get(one.id, NOTHING),
            covers.get(one.id),
            *promise_left(one.promised_on, today=today, calendar=known),
            holder=named.get(holder, "") if (holder := holders[one.id]) else "",
        )
        for one in found
    ]
