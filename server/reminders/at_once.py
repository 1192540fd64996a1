"""Reminding at once: what must reach its people today, or at its moment, does not wait for the morning's plan."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from msgspec.structs import replace

from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.kernel.unit_of_work import unit_of_work
from server.reminders.planner import planned_by, planned_for, remind
from server.reminders.planning import offset_of
from server.reminders.rules import Rule, rule_of, rules_in_force

TOO_LATE = timedelta(minutes=30)  # who hears of a moment later than this has noticed it


@unit_of_work
async def remind_now(code: str, subject_ids: Collection[UUID], *, city_pack: str, now: datetime) -> int:
    """Remind of some matters at their offset of today and return how many reminders are new; safe to repeat.

    The inbox has them even if the rule is off; the other channels and the ladder then stay still.
    """
    today, known = business_date(now), await calendar()
    rule = await rule_of(code, city_pack=city_pack)
    if not rule.content.is_on:
        rule = Rule(rule.kind, replace(rule.content, channels=(), climbs=()), rule.version)
    matters = await rule.kind.still_due(subject_ids, today)
    due = {one.due_on: offset_of(today, one.due_on, calendar=known) for one in matters}
    planned = await planned_for(rule, matters, due, today=today, calendar=known)
    return await remind(planned, calendar=known, now=now)


@unit_of_work
async def remind_of_moments(*, city_pack: str, now: datetime) -> int:
    """Remind of matters whose moment has just come and return how many reminders are new; safe to repeat."""
    today, known, count = business_date(now), await calendar(), 0
    for rule in await rules_in_force(city_pack=city_pack):
        if rule.kind.by_moment:
            planned = await planned_by(rule, today=today, since=today, calendar=known)
            now_due = [one for one in planned if (at := one.matter.moment) and at <= now < at + TOO_LATE]
            count += await remind(now_due, calendar=known, now=now)
    return count
