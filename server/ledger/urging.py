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
    item = await _with_a_unit(item_id, version=version, by=by)
    return await note(item, deed="reminded", by=by, words=words)


@deed
async def postpone(
    item_id: UUID, *, version: int, until_on: date, reason: str, by: Visitor, now: datetime
) -> LedgerItem:
    """Give an item a later deadline without being asked; raises WrongStep, DateNotAhead."""
    item = await _with_a_unit(item_id, version=version, by=by)
    if until_on <= business_date(now) or (item.due_on and until_on <= item.due_on):
        raise DateNotAhead("新的期限要晚于今天，也要晚于原来的期限。")
    set_due(item, on_day(until_on, calendar=await calendar()))
    return await note(item, deed="due_postponed", by=by, until=until_on, reason=reason)


async def _with_a_unit(item_id: UUID, *, version: int, by: Visitor) -> LedgerItem:
    item = await hold(item_id, version=version, by=by, act=Act.DECIDE_ITEMS)
    if item.state not in WITH_A_UNIT:
        raise WrongStep(state=item.state, legal=steps_from(item.state))
    return item
