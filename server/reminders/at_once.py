"""Reminding at once: what must reach its people today does not wait for the next morning's plan."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.kernel.unit_of_work import unit_of_work
from server.reminders.planner import planned_for, remind
from server.reminders.planning import offset_of
from server.reminders.rules import Rule, rule_of


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
