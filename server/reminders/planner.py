"""The planner: on each day once, reminders of what became due since the day it last ran.

Its cost grows with what is due: it asks each kind for the matters of certain deadlines, which an index answers. Any
number of planners may run; the row of the day in job_run decides which one works, in the transaction of its work.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from tortoise import connections
from tortoise.expressions import Q

from models import JobRun, Reminder
from models.vocabulary import DeliveryState, Recipient, Urgency
from server.kernel.calendars import calendar
from server.kernel.clock import SHANGHAI, business_date
from server.kernel.unit_of_work import unit_of_work
from server.kernel.workdays import Calendar
from server.reminders.checking import still_due
from server.reminders.hours import after_working_hours, first_moment
from server.reminders.people_reminded import reached, substitutes_of
from server.reminders.planning import hits, urgency_of
from server.reminders.rules import Rule, rules_in_force
from server.reminders.subjects import Matter, kinds
from server.reminders.wording import worded

JOB = "plan_reminders"
BEGINS = time(8, 0)  # before it, reminders of the day would be read as those of yesterday
MOST_AT_ONCE = 500
LONGEST_STOP = timedelta(days=60)  # what was missed earlier is not caught up

RAN = """
INSERT INTO job_run (id, job, period, ran_at) VALUES (gen_random_uuid(), $1, $2, $3) ON CONFLICT DO NOTHING RETURNING id
"""
REMIND = """
WITH made AS (
  INSERT INTO reminder (id, kind, subject_kind, subject_id, round, due_on, "offset", person_id, recipient,
    climbed_from_id, rule_version, urgency, number, unit, short, title, body, state, channels, next_at, climbs_at,
    told_at)
  SELECT id, kind, subject_kind, subject_id, round, due_on, "offset", person_id, recipient,
    climbed_from_id, rule_version, urgency, number, unit, short, title, body, state, channels, next_at, climbs_at,
    told_at
  FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, kind text, subject_kind text, subject_id uuid, round int,
    due_on date, "offset" int, person_id uuid, recipient text, climbed_from_id uuid, rule_version int, urgency text,
    number text, unit text, short text, title text, body text, state text, channels jsonb, next_at timestamptz,
    climbs_at timestamptz, told_at timestamptz)
  ON CONFLICT DO NOTHING
  RETURNING id, person_id, title, body, subject_kind, subject_id, told_at
)
INSERT INTO inbox_message (id, person_id, reminder_id, title, body, subject_kind, subject_id, created_at)
SELECT gen_random_uuid(), person_id, id, title, body, subject_kind, subject_id, told_at FROM made
RETURNING reminder_id
"""


@dataclass(frozen=True)
class Planned:
    """A reminder before it is written: of which matter, for whom, and as whom."""

    rule: Rule
    matter: Matter
    offset: int
    person_id: UUID
    recipient: Recipient
    urgency: Urgency
    short: str
    title: str
    body: str
    climbed_from_id: UUID | None = None


async def plan_if_due(*, city_pack: str, now: datetime) -> int | None:
    """Plan the day's reminders if it has begun and nobody has; return how many, or None if there was nothing to do."""
    today = business_date(now)
    if now.astimezone(SHANGHAI).time() < BEGINS or await JobRun.exists(job=JOB, period=today):
        return None
    planned = await plan_day(today, city_pack=city_pack, now=now)
    await end_stale(now=now)
    return planned


@unit_of_work
async def end_stale(*, now: datetime) -> None:
    """End the reminders that were planned while their cause went away, and those of kinds that nothing else ends."""
    looked_at = Q(told_at__gte=now) | Q(kind__in=[one.code for one in kinds() if not one.is_settled])
    await still_due(await Reminder.filter(looked_at, ended_at=None), on=business_date(now))


@unit_of_work
async def plan_day(today: date, *, city_pack: str, now: datetime) -> int | None:
    """Plan the reminders of a day, whoever comes first; None if somebody else has or does."""
    if not await connections.get("default").execute_query_dict(RAN, [JOB, today, now]):
        return None
    known = await calendar()
    since = await last_run_before(today)
    count = 0
    for rule in await rules_in_force(city_pack=city_pack):
        if rule.kind.by_moment:
            continue
        planned = await planned_by(rule, today=today, since=since, calendar=known)
        count += await remind(planned, calendar=known, now=now)
    return count


async def last_run_before(today: date) -> date:
    """Return the day of the last run before today; without one, the day before."""
    ran = await JobRun.filter(job=JOB, period__lt=today).order_by("-period").first()
    day = ran.period if ran else today - timedelta(days=1)
    return max(day, today - LONGEST_STOP)


async def planned_by(rule: Rule, *, today: date, since: date, calendar: Calendar) -> list[Planned]:
    """Return the reminders that a rule makes due after the day `since`, up to today; nothing is written."""
    if not rule.content.is_on:
        return []
    earliest = await rule.kind.earliest()
    if earliest is None:
        return []
    due = {today: 0}
    if not rule.kind.by_moment:
        found = hits(rule.content, today=today, since=since, earliest=earliest, calendar=calendar)
        due = {hit.due_on: hit.offset for hit in found}
    matters = await rule.kind.due_on(due.keys(), today) if due else []
    return await planned_for(rule, matters, due, today=today, calendar=calendar)


async def planned_for(
    rule: Rule, matters: Sequence[Matter], due: Mapping[date, int], *, today: date, calendar: Calendar
) -> list[Planned]:
    """Return the reminders of some matters, at the offset of each one's deadline; nothing is written."""
    substitutes = await substitutes_of(people_of(matters), on=today)
    return [
        written(rule, matter, due[matter.due_on], person_id, recipient, today=today, calendar=calendar)
        for matter in matters
        for person_id, recipient in _whom(rule, matter, substitutes).items()
    ]


def _whom(rule: Rule, matter: Matter, substitutes: Mapping[UUID, tuple[UUID, bool]]) -> dict[UUID, Recipient]:
    """Return whom a rule reminds of a matter; the office if it has nobody else. Pure."""
    found = reached(rule.content.to, matter.people, substitutes)
    return found or reached([Recipient.OFFICE], matter.people, substitutes)


def people_of(matters: Sequence[Matter]) -> set[UUID]:
    """Return everybody whom some matters concern. Pure."""
    return {person for matter in matters for people in matter.people.values() for person in people}


def written(
    rule: Rule,
    matter: Matter,
    offset: int,
    person_id: UUID,
    recipient: Recipient,
    *,
    today: date,
    calendar: Calendar,
) -> Planned:
    """Put a reminder into words. Pure."""
    short, title, body = worded(rule.content, matter, today=today, calendar=calendar)
    urgency = urgency_of(rule.content, offset)
    return Planned(rule, matter, offset, person_id, recipient, urgency, short, title, body)


async def remind(planned: Collection[Planned], *, calendar: Calendar, now: datetime) -> int:
    """Write reminders with their inbox rows; one that exists stays as it is. Return how many are new."""
    rows = [_row(one, calendar=calendar, now=now) for one in planned]
    count = 0
    for start in range(0, len(rows), MOST_AT_ONCE):
        part = json.dumps(rows[start : start + MOST_AT_ONCE], ensure_ascii=False, default=str)
        count += len(await connections.get("default").execute_query_dict(REMIND, [part]))
    return count


def _row(one: Planned, *, calendar: Calendar, now: datetime) -> dict[str, Any]:
    content = one.rule.content
    climbs = content.climbs and one.climbed_from_id is None
    return {
        "id": uuid4(),
        "kind": one.rule.kind.code,
        "subject_kind": one.rule.kind.subject_kind,
        "subject_id": one.matter.subject_id,
        "round": one.matter.round,
        "due_on": one.matter.due_on,
        "offset": one.offset,
        "person_id": one.person_id,
        "recipient": one.recipient,
        "climbed_from_id": one.climbed_from_id,
        "rule_version": one.rule.version,
        "urgency": one.urgency,
        "number": one.matter.number,
        "unit": one.matter.unit,
        "short": one.short,
        "title": one.title,
        "body": one.body,
        "state": DeliveryState.DELIVERED,
        "channels": content.channels,
        "next_at": first_moment(one.urgency, now, calendar=calendar) if content.channels else None,
        "climbs_at": after_working_hours(now, content.climb_hours, calendar=calendar) if climbs else None,
        "told_at": now,
    }
