"""Moves the open deadlines that a newly loaded notice affects, each with an entry (LED-04)."""

from uuid import UUID

from models import LedgerItem
from models.vocabulary import LedgerState
from server.kernel.calendars import calendar
from server.kernel.unit_of_work import unit_of_work
from server.ledger.deadlines import in_working_days
from server.ledger.dispatching import set_due
from server.ledger.stepping import save_change

OPEN = (LedgerState.DISPATCHED, LedgerState.IN_PROGRESS, LedgerState.CLOSING)


async def recompute_deadlines() -> int:
    """Recompute every open working-day deadline; return how many moved. Safe to repeat."""
    ruled = (
        await LedgerItem.filter(state__in=OPEN, due_days__isnull=False).order_by("due_on").values_list("id")
    )
    moved = 0
    for (item_id,) in ruled:
        moved += await _recompute(item_id)
    return moved


@unit_of_work
async def _recompute(item_id: UUID) -> bool:
    item = await LedgerItem.select_for_update().get(id=item_id)
    if item.due_days is None or item.due_from_on is None or item.state not in OPEN:
        return False
    due = in_working_days(item.due_days, start=item.due_from_on, calendar=await calendar())
    if (due.on, due.words) == (item.due_on, item.due_words):
        return False
    if due.on == item.due_on:  # the day stays and only its words change: nobody needs to be told
        await LedgerItem.filter(id=item.id).update(due_words=due.words, due_is_provisional=due.is_provisional)
        return False
    before = item.due_words
    set_due(item, due)
    await save_change(item, event="due_recomputed", by=None, before=before, due=due.words)
    return True
