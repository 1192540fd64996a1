"""The figures of a duty sheet: each is counted with the filter of the list that shows what it counts."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import msgspec
from msgspec import Struct

from models import Person
from models.vocabulary import LedgerState, Light, ObligationState, Role, Scope
from server import letters, meetings, obligations, tasks
from server.kernel.calendars import calendar
from server.kernel.refusal import NoSuchThing
from server.kernel.workdays import Calendar
from server.ledger.viewing import LedgerView
from server.ledger.viewing import counts_of as count_views
from server.letters import Kinds, LetterFilter
from server.meetings import MeetingFilter
from server.obligations import ObligationFilter
from server.people import Actor, Permission


class TasksLed(Struct, frozen=True):
    """The tasks of a year that an official leads, as the task list filters them."""

    year: int
    official_id: UUID


@dataclass(frozen=True)
class Figure:
    """A number with its label, and the filter of the list that shows exactly what it counts."""

    label: str
    count: int
    shown_by: Struct


@dataclass(frozen=True)
class Part:
    """Figures that belong together."""

    title: str
    figures: list[Figure]


@dataclass(frozen=True)
class DutySheet:
    """An official's year up to a day; colours are those of the day on which it is read."""

    official: Person
    year: int
    until: date
    parts: list[Part]
    task_names: list[str]


async def officials_seen_by(actor: Actor) -> list[Person]:
    """Return the leading officials whose sheets an actor may read: all for the city's office, else one's own."""
    found = Person.filter(is_active=True, duties__role=Role.LEADING_OFFICIAL).distinct()
    if not _reads_all(actor):
        found = found.filter(id=actor.person.id)
    return await found.order_by("designation", "id")


async def sheet_of(
    actor: Actor, official_id: UUID, *, year: int, until: date, today: date, kinds: Kinds
) -> DutySheet:
    """Return an official's sheet as this reader may see it; raises NoSuchThing."""
    official = next((one for one in await officials_seen_by(actor) if one.id == official_id), None)
    if official is None:
        raise NoSuchThing
    led = [one for one in await tasks.current_tasks(year) if one.leading_official_id == official.id]
    items = await _items(actor, official, year=year, until=until, today=today, known=await calendar())
    return DutySheet(
        official,
        year,
        until,
        [
            Part("任务和会议", await _work(actor, official, year=year, until=until, led=len(led))),
            Part("台账事项", items),
            Part("函件", await _letters(actor, official, year=year, until=until, kinds=kinds)),
            Part("分管单位的定期任务", await _owed(actor, official, year=year, until=until, today=today)),
        ],
        [f"{one.code} {one.name}" for one in led],
    )


async def _work(actor: Actor, official: Person, *, year: int, until: date, led: int) -> list[Figure]:
    chaired = MeetingFilter(year=year, chair_id=official.id, until_on=until)
    count = await meetings.meetings_wanted(actor, chaired).count()
    return [
        Figure("牵头改革任务", led, TasksLed(year, official.id)),
        Figure("主持会议", count, chaired),
    ]


async def _items(
    actor: Actor, official: Person, *, year: int, until: date, today: date, known: Calendar
) -> list[Figure]:
    def view(**more: object) -> LedgerView:
        plain = {"year": year, "official_id": official.id, "registered_until": until}
        return LedgerView(**(plain | more))  # type: ignore[arg-type]

    views = {
        "挂号事项": view(),
        "其中已销号": view(state=LedgerState.CLOSED),
        "逾期（红灯）": view(light=Light.RED),
    }
    rest = [light for light in Light if light is not Light.RED]
    views |= {light.label: view(light=light) for light in rest}
    counts = await count_views(actor, list(views.values()), today=today, calendar=known)
    return [Figure(label, count, one) for (label, one), count in zip(views.items(), counts, strict=True)]


async def _letters(actor: Actor, official: Person, *, year: int, until: date, kinds: Kinds) -> list[Figure]:
    lists = {"签发函件": LetterFilter(official_id=official.id, year=year, issued_until=until)}
    for kind in kinds.by_code.values():
        lists[f"其中{kind.label}"] = msgspec.structs.replace(lists["签发函件"], kind=kind.code)
    return [
        Figure(label, await letters.wanted(actor, by, kinds=kinds).count(), by) for label, by in lists.items()
    ]


async def _owed(actor: Actor, official: Person, *, year: int, until: date, today: date) -> list[Figure]:
    def by(state: ObligationState | None) -> ObligationFilter:
        return ObligationFilter(year=year, official_id=official.id, begun_until=until, state=state)

    found = await obligations.obligations_of(actor, by(None), today=today)
    counts = obligations.counts_of(found)
    return [
        Figure("定期任务", len(found), by(None)),
        *(Figure(f"其中{state.label}", count, by(state)) for state, count in counts.items()),
    ]


def _reads_all(actor: Actor) -> bool:
    reaches = actor.reaches(Permission.SEE_LEDGER)
    return any(reach.scope is Scope.ALL for reach in reaches)
