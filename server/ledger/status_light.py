"""The status light of an item: its colour by deadline and progress, why, and the items of one colour (LED-05)."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from tortoise.expressions import Q, RawSQL
from tortoise.functions import Max, Min

from models import LedgerItem
from models.vocabulary import LedgerState, Light
from server.kernel.clock import business_date
from server.kernel.workdays import Calendar, say
from server.ledger.states import ENDED

SOON_DAYS = 3
LAG_PERCENT = 20


FARTHEST = timedelta(days=3653)  # an item with more than ten years left is not behind yet

# `days` holds the working days up to each day from `first`; dates beyond it give NULL, and such an item is not behind.
# Shanghai has been eight hours ahead since 1991, and an interval costs the database a fifth of a named zone.
STARTED = "(ledger_item.dispatched_at AT TIME ZONE INTERVAL '8:00')::date"
PLANNED = """CASE WHEN {started} < ledger_item.due_on THEN LEAST(100, COALESCE(
  100 * ({gone} - {days}[{started} - DATE '{first}' + 1])
  / NULLIF({days}[ledger_item.due_on - DATE '{first}' + 1] - {days}[{started} - DATE '{first}' + 1], 0), 0))
ELSE 0 END"""
LIGHT = """CASE WHEN state IN ({ended}) THEN 'green' WHEN due_on IS NULL THEN 'grey'
  WHEN due_on < DATE '{today}' THEN 'red' WHEN due_on < DATE '{soon_ends}' THEN 'blue'
  WHEN percent <= {planned} - {lag} THEN 'yellow' ELSE 'green' END"""


@dataclass(frozen=True)
class LightStatus:
    """A colour and why."""

    light: Light
    because: str


def light_status(
    *,
    state: LedgerState,
    due_on: date | None,
    started_on: date | None,
    percent: int,
    today: date,
    calendar: Calendar,
) -> LightStatus:
    """Green when done; red after the deadline; blue three working days before; yellow when 20 points behind plan.

    The plan is a straight line in working days from the start to the deadline.
    """
    if state in ENDED:
        return LightStatus(Light.GREEN, "已办结。")
    if due_on is None:
        return LightStatus(Light.GREY, "没有设定期限。")
    left = calendar.between(today, due_on)
    if left < 0 or today > due_on:
        return LightStatus(Light.RED, f"期限{say(due_on)}，已逾期{max(1, -left)}个工作日。")
    if left <= SOON_DAYS:
        return LightStatus(Light.BLUE, f"期限{say(due_on)}，还剩{left}个工作日。")
    planned = _planned(started_on, due_on, today=today, calendar=calendar)
    if planned - percent >= LAG_PERCENT:
        return LightStatus(
            Light.YELLOW, f"按期限推算应完成{planned}%，实际{percent}%，落后{planned - percent}个百分点。"
        )
    return LightStatus(Light.GREEN, f"期限{say(due_on)}，还剩{left}个工作日。")


def _planned(started_on: date | None, due_on: date, *, today: date, calendar: Calendar) -> int:
    if started_on is None or started_on >= due_on:
        return 0
    whole = calendar.between(started_on, due_on)
    gone = calendar.between(started_on, today)
    return min(100, 100 * gone // whole) if whole else 0


def light_of(item: LedgerItem, *, today: date, calendar: Calendar) -> LightStatus:
    """Return the colour of an item today, and why. Pure."""
    return light_status(
        state=item.state,
        due_on=item.due_on,
        started_on=business_date(item.dispatched_at) if item.dispatched_at else None,
        percent=item.percent,
        today=today,
        calendar=calendar,
    )


def due_soon(today: date, *, calendar: Calendar) -> Q:
    """Return the condition for items due today or within three working days; days off count like the day before."""
    return Q(due_on__gte=today, due_on__lt=soon_until(today, calendar=calendar))


def soon_until(today: date, *, calendar: Calendar) -> date:
    """Return the first day that is not soon: it is more than three working days ahead."""
    return calendar.due(today, SOON_DAYS + 1).on


async def with_light(light: Light, *, today: date, calendar: Calendar) -> Q:
    """Return the condition for the items of a light, so that they can be counted and paged without reading any item."""
    done, running = Q(state__in=ENDED), ~Q(state__in=ENDED)
    later = running & Q(due_on__gte=soon_until(today, calendar=calendar))
    match light:
        case Light.RED:
            return running & Q(due_on__lt=today)
        case Light.BLUE:
            return running & due_soon(today, calendar=calendar)
        case Light.GREY:
            return running & Q(due_on__isnull=True)
    behind = RawSQL(f"{await _planned_in_sql(today=today, calendar=calendar)} - {LAG_PERCENT}")
    return later & Q(percent__lte=behind) if light is Light.YELLOW else done | (later & Q(percent__gt=behind))


async def light_in_sql(*, today: date, calendar: Calendar) -> str:
    """Return the SQL of an item's light today, for counting items by it; the items' rows are called ledger_item."""
    return LIGHT.format(
        ended=", ".join(f"'{state.value}'" for state in ENDED),
        today=today.isoformat(),
        soon_ends=soon_until(today, calendar=calendar).isoformat(),
        planned=await _planned_in_sql(today=today, calendar=calendar),
        lag=LAG_PERCENT,
    )


async def _planned_in_sql(*, today: date, calendar: Calendar) -> str:
    """Return the SQL of the percentage planned for today, with counted working days: the database has no calendar."""
    running = LedgerItem.filter(~Q(state__in=ENDED)).annotate(first=Min("dispatched_at"), last=Max("due_on"))
    ((first, last),) = await running.values_list("first", "last")
    begin = min(business_date(first), today) if first else today
    counted = _counted(begin, min(max(last or today, today), today + FARTHEST), calendar=calendar)
    return PLANNED.format(
        started=STARTED, days=f"(ARRAY{counted})", gone=counted[(today - begin).days], first=begin.isoformat()
    )


def _counted(first: date, last: date, *, calendar: Calendar) -> list[int]:
    """Return for each day from `first` to `last` the number of working days up to and including it."""
    days = range((last - first).days + 1)
    return list(accumulate(int(calendar.is_workday(first + timedelta(days=day))) for day in days))
