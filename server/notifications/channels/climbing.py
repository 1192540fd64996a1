"""The ladder: what nobody acknowledges is told to the substitute, then the unit's leader, then the office (REM-08)."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from models import Person, Reminder
from models.vocabulary import Recipient
from server import reminders
from server.kernel.calendars import calendar
from server.kernel.clock import business_date, to_the_minute
from server.kernel.unit_of_work import unit_of_work
from server.reminders import Matter, Rule
from server.reminders.hours import after_working_hours
from server.reminders.people_reminded import reached, substitutes_of
from server.reminders.planner import remind, written
from server.reminders.wording import LONGEST_BODY, LONGEST_TITLE, cut
from server.tools import Tools

AT_ONCE = 100
A_DAY = timedelta(days=1)
PEOPLE = "{title}（{who}未确认）"


async def climb(*, tools: Tools) -> int:
    """Tell the next people of every reminder that was not acknowledged in time; return how many climbed."""
    climbed = 0
    while step := await _climb_some(tools=tools):
        climbed += step
    return climbed


@unit_of_work
async def _climb_some(*, tools: Tools) -> int:
    now = tools.clock.now()
    due = Reminder.filter(climbs_at__lte=now).order_by("climbs_at", "id").limit(AT_ONCE)
    found = await due.select_for_update(skip_locked=True)
    alive = await reminders.still_due(found, on=business_date(now))
    for one in found:
        if one.id in alive:
            await _next_rung(one, alive[one.id], tools=tools, now=now)
    return len(found)


async def _next_rung(reminder: Reminder, matter: Matter, *, tools: Tools, now: datetime) -> None:
    """Tell the next rung that has anybody on it; the reminder's own person stays reminded."""
    rule = await reminders.rule_of(reminder.kind, city_pack=tools.settings.city_pack)
    rungs, told = rule.content.climbs, 0
    while not told and reminder.rung < len(rungs):
        told = await _tell(rungs[reminder.rung], reminder, matter, rule, now=now)
        reminder.rung += 1
    is_last = reminder.rung >= len(rungs)
    known = await calendar()
    reminder.climbs_at = (
        None if is_last else after_working_hours(to_the_minute(now), rule.content.climb_hours, calendar=known)
    )
    await reminder.save(update_fields=["rung", "climbs_at"])


async def _tell(rung: Recipient, reminder: Reminder, matter: Matter, rule: Rule, *, now: datetime) -> int:
    """Remind the people of one rung, substitutes in place of those on leave; return how many know of it now."""
    today, known = business_date(now), await calendar()
    substitutes = await substitutes_of([reminder.person_id], on=today)
    people = dict(matter.people)
    if reminder.person_id in substitutes:
        people[Recipient.SUBSTITUTE] = (substitutes[reminder.person_id][0],)
    away = await substitutes_of(people.get(rung, ()), on=today)
    found = reached([rung], people, away)
    who = (await Person.get(id=reminder.person_id)).designation
    just_told, planned = await _just_told(found, reminder, now=now), []
    for person_id in found.keys() - just_told:
        one = written(rule, matter, reminder.offset, person_id, rung, today=today, calendar=known)
        planned.append(
            replace(
                one,
                urgency=reminder.urgency,
                climbed_from_id=reminder.id,
                title=cut(PEOPLE.format(title=one.title, who=who), LONGEST_TITLE),
                body=cut(f"{who}还没有确认这条提醒，请您督促。{one.body}", LONGEST_BODY),
            )
        )
    return await remind(planned, calendar=known, now=now) + len(just_told)


async def _just_told(people: Collection[UUID], reminder: Reminder, *, now: datetime) -> set[UUID]:
    """Return who was told within a day by another reminder of the same person about the same deadline."""
    same = Reminder.filter(subject_id=reminder.subject_id, kind=reminder.kind, due_on=reminder.due_on)
    climbed = same.filter(
        person_id__in=list(people), climbed_from__person_id=reminder.person_id, ended_at=None
    )
    return {one.person_id for one in await climbed.filter(told_at__gt=now - A_DAY)}
