"""Sums of the ledger for the cockpit: each counts exactly the list that its filter shows (DAT-01)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tortoise.expressions import Subquery
from tortoise.queryset import QuerySet

from models import LedgerItem
from models.vocabulary import LedgerState, Light
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.kernel.workdays import Calendar
from server.ledger.reading import LedgerFilter, wanted
from server.ledger.status_light import light_status
from server.people import Actor

TOP_UNITS = 10
FIELDS = ("state", "due_on", "dispatched_at", "percent", "registered_at", "closed_at", "lead_unit_id")
STATES = {state.value: state for state in LedgerState}


@dataclass(frozen=True)
class UnitSum:
    """How many items a unit leads."""

    unit_id: UUID
    name: str
    count: int


@dataclass(frozen=True)
class OnTime:
    """How many closed items with a deadline were closed in time; `percent` is None if there are none."""

    in_time: int
    closed: int

    @property
    def percent(self) -> float | None:
        return round(100 * self.in_time / self.closed, 1) if self.closed else None


@dataclass(frozen=True, kw_only=True)
class Summary:
    """Sums over a year's visible items; months are the office's, 1 to 12."""

    total: int
    states: dict[LedgerState, int]
    lights: dict[Light, int]
    units: list[UnitSum]
    registered: list[int]
    closed: list[int]
    on_time: OnTime


async def summary(actor: Actor, *, year: int, today: date) -> Summary:
    """Return the current sums over a year's items that an actor may see."""
    items = LedgerItem.filter(id__in=Subquery(wanted(actor, LedgerFilter(year=year)).values("id")))
    rows = await items.values(*FIELDS)
    states = Counter(row["state"] for row in rows)
    return Summary(
        total=len(rows),
        states={state: states[state.value] for state in LedgerState},
        lights=_lights(rows, today=today, known=await calendar()),
        units=await _units(items),
        registered=_months([row["registered_at"] for row in rows], year=year),
        closed=_months([row["closed_at"] for row in rows], year=year),
        on_time=_on_time(rows),
    )


def _lights(rows: list[dict[str, Any]], *, today: date, known: Calendar) -> dict[Light, int]:
    """Count the items of each colour; items with equal facts are evaluated once."""
    alike = Counter((row["state"], row["due_on"], _day(row["dispatched_at"]), row["percent"]) for row in rows)
    lights: Counter[Light] = Counter()
    for (state, due_on, started_on, percent), count in alike.items():
        shown = light_status(
            state=STATES[state],
            due_on=due_on,
            started_on=started_on,
            percent=percent,
            today=today,
            calendar=known,
        )
        lights[shown.light] += count
    return {light: lights[light] for light in Light}


async def _units(items: QuerySet[LedgerItem]) -> list[UnitSum]:
    named = await items.filter(lead_unit_id__isnull=False).values_list(
        "lead_unit_id", "lead_unit__short_name"
    )
    sums = Counter(named).most_common()
    sums.sort(key=lambda pair: (-pair[1], pair[0][1]))
    return [UnitSum(unit_id, name, count) for (unit_id, name), count in sums[:TOP_UNITS]]


def _months(instants: list[datetime | None], *, year: int) -> list[int]:
    days = [business_date(at) for at in instants if at]
    months = Counter(day.month for day in days if day.year == year)
    return [months[month] for month in range(1, 13)]


def _on_time(rows: list[dict[str, Any]]) -> OnTime:
    closed = [
        row for row in rows if row["state"] == LedgerState.CLOSED and row["closed_at"] and row["due_on"]
    ]
    in_time = sum(business_date(row["closed_at"]) <= row["due_on"] for row in closed)
    return OnTime(in_time, len(closed))


def _day(at: datetime | None) -> date | None:
    return business_date(at) if at else None
