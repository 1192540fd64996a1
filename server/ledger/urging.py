"""Urging (催办): a reminder to the unit that has an item, or a later deadline set by the office."""

from datetime import date, datetime
from uuid import UUID

from models import LedgerItem
from models.vocabulary import LedgerState as S
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.kernel.unit_of_work import unit_of_work
from server.ledger.commands import Postponement, Reminder, Result
from server.ledger.deadlines import on_day
from server.ledger.dispatching import set_due
from server.ledger.refusals import DateNotAhead
from server.ledger.states import MACHINE
from server.ledger.stepping import lock, save_change
from server.people import Actor, Permission

WITH_A_UNIT = (S.DISPATCHED, S.IN_PROGRESS)


@unit_of_work
async def remind(item_id: UUID, command: Reminder, *, by: Actor, now: datetime) -> Result:
    """Remind the unit that has an item; the commissioner reads the words. Raises WrongStep."""
    item = await lock(item_id, version=command.version, by=by, permission=Permission.DECIDE_ITEMS)
    _check_with_a_unit(item)
    return Result(await save_change(item, event="reminded", by=by, words=command.words))


@unit_of_work
async def postpone(item_id: UUID, command: Postponement, *, by: Actor, now: datetime) -> Result:
    """Give an item a later deadline without a request; raises WrongStep, DateNotAhead."""
    until_on = command.until_on
    item = await lock(item_id, version=command.version, by=by, permission=Permission.DECIDE_ITEMS)
    check_postpone(item, until_on, today=business_date(now))
    set_due(item, on_day(until_on, calendar=await calendar()))
    return Result(
        await save_change(item, event="due_postponed", by=by, until=until_on, reason=command.reason)
    )


def check_postpone(item: LedgerItem, until_on: date, *, today: date) -> None:
    """Raise WrongStep or DateNotAhead unless the office may move an item's deadline to this day. Pure."""
    _check_with_a_unit(item)
    if until_on <= today or (item.due_on and until_on <= item.due_on):
        raise DateNotAhead("新的期限要晚于今天，也要晚于原来的期限。")


def _check_with_a_unit(item: LedgerItem) -> None:
    MACHINE.check_state(item, WITH_A_UNIT)
