"""Closing a unit: its row stays for the past, but nothing current may depend on it."""

from datetime import datetime

from models import Duty, Organisation, Person, Problem
from models.vocabulary import ProblemState
from server import journal, ledger, tasks
from server.kernel.clock import business_date
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor
from server.staffing.refusals import UnitStillNeeded

PAST = (ProblemState.MERGED, ProblemState.SETTLED)


@unit_of_work
async def close_organisation(unit: Organisation, *, by: Actor, now: datetime) -> None:
    """Close a unit from today on; raises UnitStillNeeded, which says what still depends on it."""
    today = business_date(now)
    locked = await Organisation.select_for_update().get(id=unit.id)
    if locked.closed_on:
        return
    hanging = {
        "人在职": await Person.filter(organisation_id=unit.id, is_active=True).count(),
        "项职责有效": await Duty.filter(organisation_id=unit.id, until_on=None).count(),
        "个下级单位": await Organisation.filter(parent_id=unit.id, closed_on=None).count(),
        "件事项未办结": await ledger.count_open_of_unit(unit.id),
        "项任务": await tasks.count_tasks_of_unit(unit.id, on=today),
        "个问题未解决": await Problem.filter(bank_id=unit.id).exclude(state__in=PAST).count(),
    }
    if told := "、".join(f"{count}{what}" for what, count in hanging.items() if count):
        raise UnitStillNeeded(f"这个单位还有{told}，不能撤销。")
    locked.closed_on = today
    await locked.save(update_fields=["closed_on"])
    await journal.record("organisation.closed", locked, by=by.person, name=locked.name)
