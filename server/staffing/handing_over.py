"""Handing over: a person's whole work moves to one successor in one transaction, with one journal entry (M04)."""

from datetime import datetime

from models import Duty, Invitation, Person
from server import journal, ledger, letters, tasks
from server.kernel.clock import business_date
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor, revoke_all
from server.staffing.ending import check_somebody_manages, end_now
from server.staffing.refusals import LeftAlready, SuccessorNotFit, WorkWouldBeOrphaned
from server.staffing.work_held import successors_of, work_of


@unit_of_work
async def hand_over(person: Person, *, to: Person | None, leaves: bool, by: Actor, now: datetime) -> int:
    """Move a person's whole work to a successor; a person who leaves also loses duties and sessions at once.

    Returns how many items and tasks moved. Raises WorkWouldBeOrphaned, SuccessorNotFit, LastAdministrator,
    LeftAlready.
    """
    locked = await Person.select_for_update().get(id=person.id)
    if not locked.is_active:
        raise LeftAlready
    work = await work_of(person)
    if work and to is None:
        raise WorkWouldBeOrphaned
    if to and to.id not in {one.id for one in await successors_of(person, work, on=business_date(now))}:
        raise SuccessorNotFit
    items = await ledger.pass_on_items(person, to=to) if to else []
    if to:
        await letters.pass_on_letters(to=to.id, away_from=person.id)
    codes = await tasks.pass_on_tasks(person, to=to) if to else []
    if leaves:
        await _leave(person, now=now)
    await journal.record(
        "person.work_handed_over",
        person,
        by=by.person,
        to=to and to.id,
        items=items,
        tasks=codes,
        moved=len(items) + len(codes),
        left=leaves,
    )
    return len(items) + len(codes)


async def _leave(person: Person, *, now: datetime) -> None:
    await check_somebody_manages(without=person, on=business_date(now))
    for duty in await Duty.filter(person_id=person.id).select_for_update():
        await end_now(duty, on=business_date(now))
    await revoke_all(person, now=now)
    await Invitation.filter(person_id=person.id, accepted_at=None, expires_at__gt=now).update(expires_at=now)
    await Person.filter(id=person.id).update(is_active=False)
