"""Retaining (留号): long-term work keeps its number with a note and a review date that brings it back (M09 AT3)."""

from datetime import date, datetime
from uuid import UUID

from models import LedgerItem
from models.vocabulary import LedgerState
from server.clock import business_date
from server.ledger.refusals import DateNotAhead
from server.ledger.stepping import enter, take
from server.people import Act, Visitor
from server.work import deed


@deed
async def retain(
    item_id: UUID, *, version: int, note: str, next_review_on: date, by: Visitor, now: datetime
) -> LedgerItem:
    """Keep an item open for long: the note says why, the review date when it is looked at again."""
    if next_review_on <= business_date(now):
        raise DateNotAhead
    item = await take(item_id, "retain", version=version, by=by, act=Act.DECIDE_ITEMS)
    item.retention_note, item.next_review_on = note, next_review_on
    return await enter(item, "retain", deed="retained", by=by, note=note, review=next_review_on)


@deed
async def resume(item_id: UUID, *, version: int, reason: str, by: Visitor) -> LedgerItem:
    """Take a retained item up again."""
    item = await take(item_id, "resume", version=version, by=by, act=Act.DECIDE_ITEMS)
    item.next_review_on = None
    return await enter(item, "resume", deed="resumed", by=by, reason=reason)


async def due_for_review(today: date) -> list[LedgerItem]:
    """The retained items whose review date has come: they stand on the to-do list until decided."""
    held = LedgerItem.filter(state=LedgerState.RETAINED, next_review_on__lte=today)
    return await held.order_by("next_review_on", "number").select_related("lead_unit")
