"""Ending a duty today, unless that would leave work or the office itself without a person."""

from datetime import date, datetime, timedelta
from uuid import UUID

from tortoise.expressions import Q

from models import ConsoleLogin, Duty, Person
from server import journal
from server.kernel.clock import business_date
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.people import GRANTS, Actor, Permission
from server.people.duties import holds_on
from server.staffing.refusals import DutyEnded, LastAdministrator, WorkWouldBeOrphaned
from server.staffing.work_held import work_of

MANAGERS = list(GRANTS[Permission.MANAGE_PEOPLE])


@unit_of_work
async def end_duty(person: Person, duty_id: UUID, *, by: Actor, now: datetime) -> None:
    """End one duty of a person at once; raises WorkWouldBeOrphaned, LastAdministrator, DutyEnded."""
    today = business_date(now)
    duty = await Duty.filter(id=duty_id, person_id=person.id).select_for_update().first()
    if duty is None:
        raise NoSuchThing
    if not holds_on(today, since=duty.since_on, until=duty.until_on):
        raise DutyEnded
    others = [one for one in await Duty.filter(person_id=person.id) if one.id != duty.id]
    still = {one.role for one in others if holds_on(today, since=one.since_on, until=one.until_on)}
    if duty.role not in still and duty.role in (await work_of(person)).roles:
        raise WorkWouldBeOrphaned
    if duty.role in MANAGERS and not still & set(MANAGERS):
        await check_somebody_manages(without=person, on=today)
    await end_now(duty, on=today)
    await journal.record("person.duty_ended", person, by=by.person, role=duty.role)


async def end_now(duty: Duty, *, on: date) -> None:
    """End a duty with the day before; one that began on this day is deleted."""
    if duty.until_on and duty.until_on < on:
        return
    if duty.since_on >= on:
        await duty.delete()
        return
    duty.until_on = on - timedelta(days=1)
    await duty.save(update_fields=["until_on"])


async def check_somebody_manages(*, without: Person, on: date) -> None:
    """Raise LastAdministrator if nobody else can both manage people and sign in to do so."""
    managing = Duty.filter(role__in=MANAGERS, person__is_active=True, since_on__lte=on).select_for_update()
    others = await managing.filter(Q(until_on__isnull=True) | Q(until_on__gte=on))
    able = {one.person_id for one in others}
    if without.id not in able:
        return
    if not await ConsoleLogin.exists(person_id__in=able - {without.id}):
        raise LastAdministrator
