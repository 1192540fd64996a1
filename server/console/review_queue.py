"""The line of reports as the review page lists it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypedDict

from models import Observation
from models.vocabulary import ObservationState as S
from server import observations, people, photos
from server.clock import business_date
from server.console.words import time_left
from server.people import Visitor
from server.photos import Count, Cover

Show = Literal["waiting", "overdue", "more_asked", "answered", "decided"]
LABELS: dict[Show, str] = {
    "waiting": "待审核",
    "overdue": "超期",
    "more_asked": "待补充",
    "answered": "新留言",
    "decided": "已处理",
}
NOTHING = Count(announced=0, here=0)


class Wanted(TypedDict):
    """The observations that a list asks for."""

    states: tuple[S, ...]
    promised_before: date | None


@dataclass(frozen=True)
class Line:
    """A report in the list."""

    observation: Observation
    count: Count
    cover: Cover | None
    left: str
    colour: str
    holder: str  # who else has it in hand

    @property
    def is_whole(self) -> bool:
        return self.count.here >= self.count.announced


@dataclass(frozen=True)
class Queue:
    """A list of reports: its lines, how many there are in all, and the numbers on its tabs."""

    show: Show
    lines: list[Line]
    total: int
    tabs: list[tuple[Show, str, int | None]]

    @property
    def label(self) -> str:
        return LABELS[self.show]


async def queue_of(visitor: Visitor, *, show: Show, now: datetime) -> Queue:
    """The list a visitor asked for, the most urgent first, at most fifty lines of it."""
    today = business_date(now)
    lines_of: tuple[Show, ...] = ("waiting", "overdue", "more_asked")
    counts = {one: await observations.count_of_queue(visitor, **wanted(one, today=today)) for one in lines_of}
    counts["answered"] = await observations.count_of_unanswered(visitor)
    if show == "decided":
        found = await observations.decided(visitor)
    elif show == "answered":
        found = await observations.unanswered(visitor)
    else:
        found = await observations.queue(visitor, **wanted(show, today=today))
    tabs = [(one, label, counts.get(one)) for one, label in LABELS.items()]
    return Queue(show, await _lines(found, visitor=visitor, now=now), counts.get(show, len(found)), tabs)


def wanted(show: Show, *, today: date) -> Wanted:
    """Which line a tab stands for; after the last decision of any other list, the usual line goes on."""
    return Wanted(
        states=(S.MORE_ASKED,) if show == "more_asked" else observations.QUEUE,
        promised_before=today if show == "overdue" else None,
    )


async def _lines(found: list[Observation], *, visitor: Visitor, now: datetime) -> list[Line]:
    ids = [one.id for one in found]
    counts, covers = await photos.counts_of(ids), await photos.covers_of(ids)
    holders = {one.id: observations.in_other_hands(one, of=visitor, now=now) for one in found}
    named = await people.designations_of(holder for holder in holders.values() if holder)
    return [
        Line(
            one,
            counts.get(one.id, NOTHING),
            covers.get(one.id),
            *time_left(one.promised_on, now),
            holder=named.get(holder, "") if (holder := holders[one.id]) else "",
        )
        for one in found
    ]
