"""Urging (催办): a word to the unit that has an item, or a later deadline that the office gives by itself."""

from datetime import date, datetime
from uuid import UUID

from models import LedgerItem
from models.vocabulary import LedgerState as S
from server.calendars import calendar
from server.clock import business_date
from server.ledger.deadlines import on_day
from server.ledger.dispatching import set_due
from server.ledger.refusals import DateNotAhead, WrongStep
from server.ledger.states import steps_from
from server.ledger.stepping import hold, note
from server.people import Act, Visitor
from server.work import deed

WITH_A_UNIT = (S.DISPATCHED, S.IN_PROGRESS)


@deed
async def remind(item_id: UUID, *, version: int, words: str, by: Visitor) -> LedgerItem:
    """Remind the unit that has an item; the commissioner reads the words. Raises WrongStep."""
    item = await hold(item_id, version=version, by=by, act=Act.DECIDE_ITEMS)
    _check_with_a_unit(item)
    return await note(item, deed="reminded", by=by, words=words)


@deed
async def postpone(
    item_id: UUID, *, version: int, until_on: date, reason: str, by: Visitor, now: datetime
) -> LedgerItem:
    """Give an item a later deadline without being asked; raises WrongStep, DateNotAhead."""
    item = await hold(item_id, version=version, by=by, act=Act.DECIDE_ITEMS)
    check_postpone(item, until_on, today=business_date(now))
    set_due(item, on_day(until_on, calendar=await calendar()))
    return await note(item, deed="due_postponed", by=by, until=until_on, reason=reason)


def check_postpone(item: LedgerItem, until_on: date, *, today: date) -> None:
    """Raise WrongStep or DateNotAhead unless the office may move an item's deadline to this day. Pure."""
    _check_with_a_unit(item)
    if until_on <= today or (item.due_on and until_on <= item.due_on):
        raise DateNotAhead("新的期限要晚于今天，也要晚于原来的期限。")


def _check_with_a_unit(item: LedgerItem) -> None:
    if item.state not in WITH_A_UNIT:
        raise WrongStep(state=item.state, legal=steps_from(item.state))
