"""Merging (并号), splitting and voiding (作废): numbers stay, histories stay, one matter has one living number."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from models import LedgerItem
from models.vocabulary import Datum, LedgerState
from server.ledger.dispatching import clear_due
from server.ledger.reading import item_seen_by
from server.ledger.refusals import WrongStep
from server.ledger.registering import NewItem, register
from server.ledger.states import steps_from
from server.ledger.stepping import enter, hold, note, take
from server.people import Act, Visitor
from server.places import Position
from server.work import deed

ENDED = (LedgerState.MERGED, LedgerState.VOIDED, LedgerState.CLOSED)


@deed
async def merge(item_id: UUID, *, version: int, into: UUID, reason: str, by: Visitor) -> LedgerItem:
    """Merge an item into a living one; both keep their histories, the merged one points to the survivor."""
    item = await take(item_id, "merge", version=version, by=by, act=Act.DECIDE_ITEMS)
    survivor = await item_seen_by(by, into, act=Act.DECIDE_ITEMS)
    if survivor.id == item.id or survivor.state in ENDED:
        raise WrongStep(
            "要并入的事项已经办结或就是它自己。", state=survivor.state, legal=steps_from(item.state)
        )
    item.merged_into_id = survivor.id
    return await enter(item, "merge", deed="merged", by=by, into=survivor.number_text, reason=reason)


@deed
async def void(item_id: UUID, *, version: int, reason: str, by: Visitor) -> LedgerItem:
    """Void an item that was registered in error; its number stays used."""
    item = await take(item_id, "void", version=version, by=by, act=Act.DECIDE_ITEMS)
    return await enter(item, "void", deed="voided", by=by, reason=reason)


@deed
async def take_back(item_id: UUID, *, version: int, by: Visitor) -> LedgerItem:
    """Void an item that was registered a moment ago and is undone; a dispatched one comes back first."""
    item = await hold(item_id, version=version, by=by, act=Act.DECIDE_ITEMS)
    if item.state is LedgerState.DISPATCHED:
        item.lead_unit_id, item.commissioner_id = None, None
        clear_due(item)
        item = await enter(item, "return_back", deed="recalled", by=by)
    return await enter(item, "void", deed="voided", by=by, reason="撤销受理")


@deed
async def split(
    item_id: UUID, *, version: int, titles: Sequence[str], by: Visitor, now: datetime
) -> list[LedgerItem]:
    """Open one item under the office's next number for each title; the parent closes only after them."""
    item = await hold(item_id, version=version, by=by, act=Act.DECIDE_ITEMS)
    if item.state in ENDED or item.state is LedgerState.CLOSING:
        raise WrongStep(state=item.state, legal=steps_from(item.state))
    office = await item.organisation
    children = []
    for title in titles:
        new = NewItem(
            title, item.kind, summary=item.summary, place_name=item.place_name, task_id=item.task_id
        )
        child = await register(new, office=office, at=_position(item), by=by.person, now=now)
        await LedgerItem.filter(id=child.id).update(parent_id=item.id)
        children.append(child)
    await note(item, deed="split", by=by, children="、".join(child.number_text for child in children))
    return children


@deed
async def re_register(item_id: UUID, *, version: int, reason: str, by: Visitor) -> LedgerItem:
    """Open a closed item again under the same number, in its next round."""
    item = await take(item_id, "re_register", version=version, by=by, act=Act.DECIDE_ITEMS)
    item.round += 1
    item.closed_at, item.percent, item.lead_unit_id, item.commissioner_id = None, 0, None, None
    item.retention_note, item.next_review_on = "", None
    clear_due(item)
    item.asked_by_id, item.state_before, item.needs_review_since = None, None, None
    return await enter(item, "re_register", deed="re_registered", by=by, round=item.round, reason=reason)


def _position(item: LedgerItem) -> Position | None:
    if item.wgs_latitude is None or item.wgs_longitude is None:
        return None
    return Position(item.wgs_latitude, item.wgs_longitude, Datum.WGS84)
