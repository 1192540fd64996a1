"""The line of reports as the review page lists it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypedDict

from models import Observation
from models.vocabulary import ObservationState as S
from server import observations, photos
from server.clock import business_date
from server.console.words import time_left
from server.people import Visitor
from server.photos import Count, Cover

Show = Literal["waiting", "overdue", "more_asked", "decided"]
LABELS: dict[Show, str] = {
    "waiting": "待审核",
    "overdue": "超期",
    "more_asked": "待补充",
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


async def queue_of(visitor: Visitor, *, show: Show, now: datetime) -> Queue:
    """The list a visitor asked for, the most urgent first, at most fifty lines of it."""
    today = business_date(now)
    lines_of: tuple[Show, ...] = ("waiting", "overdue", "more_asked")
    counts = {one: await observations.count_of_queue(visitor, **wanted(one, today=today)) for one in lines_of}
    if show == "decided":
        found = await observations.decided(visitor)
    else:
        found = await observations.queue(visitor, **wanted(show, today=today))
    tabs = [(one, label, counts.get(one)) for one, label in LABELS.items()]
    return Queue(show, await _lines(found, now=now), counts.get(show, len(found)), tabs)


def wanted(show: Show, *, today: date) -> Wanted:
    """Which line a tab stands for; after the last decision of any other list, the usual line goes on."""
    return Wanted(
        states=(S.MORE_ASKED,) if show == "more_asked" else observations.QUEUE,
        promised_before=today if show == "overdue" else None,
    )


async def _lines(found: list[Observation], *, now: datetime) -> list[Line]:
    ids = [one.id for one in found]
    counts, covers = await photos.counts_of(ids), await photos.covers_of(ids)
    return [
        Line(one, counts.get(one.id, NOTHING), covers.get(one.id), *time_left(one.promised_on, now))
        for one in found
    ]
