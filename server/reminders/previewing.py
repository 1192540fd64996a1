"""The preview: whom the rules would reach in the coming week, computed by the planner itself; nothing is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from models import Reminder
from server.kernel.calendars import calendar
from server.packs import ReminderContent
from server.reminders.planner import Planned, planned_by
from server.reminders.rules import Rule, rules_in_force

DAYS = 7


@dataclass(frozen=True)
class DayAhead:
    """What would be reminded of on a day, if nothing changed until then."""

    day: date
    is_workday: bool
    planned: list[Planned]


async def week_ahead(
    today: date, *, city_pack: str, instead: tuple[str, ReminderContent] | None = None
) -> list[DayAhead]:
    """Return the seven days after today; `instead` replaces the rule of one kind by a draft."""
    rules = [_drafted(rule, instead) for rule in await rules_in_force(city_pack=city_pack)]
    known, found, told = await calendar(), [], await _told_ahead(today)
    for ahead in range(1, DAYS + 1):
        day = today + timedelta(days=ahead)
        planned: list[Planned] = []
        for rule in rules:
            for one in await planned_by(rule, today=day, since=day - timedelta(days=1), calendar=known):
                if _key(one) not in told:
                    planned.append(one)
                    told.add(_key(one))
        found.append(DayAhead(day, known.is_workday(day), planned))
    return found


def people_in(days: Iterable[DayAhead]) -> set[UUID]:
    """Return everybody who would be reminded. Pure."""
    return {one.person_id for day in days for one in day.planned}


def _drafted(rule: Rule, instead: tuple[str, ReminderContent] | None) -> Rule:
    if instead and rule.kind.code == instead[0]:
        return Rule(rule.kind, instead[1], rule.version + 1)
    return rule


async def _told_ahead(today: date) -> set[tuple[object, ...]]:
    """Return the keys of the reminders that exist for deadlines around the coming week; none is written twice."""
    found = Reminder.filter(told_at__gte=today - timedelta(days=60), climbed_from_id=None)
    rows = await found.values_list("subject_id", "kind", "round", "due_on", "offset", "person_id")
    return {tuple(row) for row in rows}


def _key(one: Planned) -> tuple[object, ...]:
    matter = one.matter
    return (
        matter.subject_id,
        one.rule.kind.code,
        matter.round,
        matter.due_on,
        one.offset,
        one.person_id,
    )
