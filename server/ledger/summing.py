"""Sums of the ledger for the cockpit: each counts exactly the list that its filter shows (DAT-01)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from models import Organisation
from models.vocabulary import LedgerState, Light
from server.kernel.calendars import calendar
from server.kernel.set_sql import rows_over
from server.ledger.reading import LedgerFilter, wanted
from server.ledger.status_light import light_in_sql
from server.people import Actor

TOP_UNITS = 10
FIELDS = ("state", "due_on", "dispatched_at", "percent", "registered_at", "closed_at", "lead_unit_id")


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


# One reading of the items: by everything that is told of them at once, and by their units. Without OFFSET 0 the
# planner expects as many groups as items, and sorts them all, twice.
SUMS = """
SELECT state, light, registered, closed, in_time, lead_unit_id, GROUPING(state) = 1 AS by_unit, count(*) AS count
FROM (
  SELECT state, {light} AS light, lead_unit_id,
    width_bucket(registered_at, {months}) AS registered, width_bucket(closed_at, {months}) AS closed,
    CASE WHEN state = 'closed' THEN (closed_at AT TIME ZONE INTERVAL '8:00')::date <= due_on END AS in_time
  FROM ({rows}) AS ledger_item OFFSET 0) AS item
GROUP BY GROUPING SETS ((state, light, registered, closed, in_time), (lead_unit_id))
"""


async def summary(actor: Actor, *, year: int, today: date) -> Summary:
    """Return the current sums over a year's items that an actor may see."""
    items = wanted(actor, LedgerFilter(year=year)).values(*FIELDS)
    light = await light_in_sql(today=today, calendar=await calendar())
    sums = await rows_over(items, SUMS.replace("{light}", light).replace("{months}", _months(year)))
    alike = [row for row in sums if not row["by_unit"]]
    states, lights = _by("state", alike), _by("light", alike)
    registered, closed, in_time = (_by(name, alike) for name in ("registered", "closed", "in_time"))
    return Summary(
        total=sum(row["count"] for row in alike),
        states={state: states[state.value] for state in LedgerState},
        lights={light: lights[light.value] for light in Light},
        units=await _units({row["lead_unit_id"]: row["count"] for row in sums if row["by_unit"]}),
        registered=[registered[month] for month in range(1, 13)],
        closed=[closed[month] for month in range(1, 13)],
        on_time=OnTime(in_time[True], in_time[True] + in_time[False]),
    )


def _by(name: str, sums: list[dict[str, Any]]) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for row in sums:
        found[row[name]] += row["count"]
    return found


def _months(year: int) -> str:
    """Return the SQL of the first instants of a year's months and of the next year, as the office counts them. Pure."""
    firsts = [date(year, month, 1) for month in range(1, 13)] + [date(year + 1, 1, 1)]
    return f"ARRAY{[f'{first} 00:00+08' for first in firsts]}::timestamptz[]"


async def _units(counts: dict[UUID | None, int]) -> list[UnitSum]:
    named = await Organisation.filter(id__in=[one for one in counts if one]).values_list("id", "short_name")
    sums = [UnitSum(unit_id, name, counts[unit_id]) for unit_id, name in named]
    return sorted(sums, key=lambda unit: (-unit.count, unit.name))[:TOP_UNITS]
