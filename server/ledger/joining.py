"""Merging (并号), splitting and voiding (作废): numbers and histories stay, and a matter has one open number."""

from datetime import datetime
from uuid import UUID

from models import CloseOutRequest, Extension, LedgerItem, RetentionRequest
from models.vocabulary import Datum, LedgerState, RequestState
from server import policies
from server.kernel.places import Position
from server.kernel.unit_of_work import unit_of_work
from server.ledger.closing import check_children
from server.ledger.commands import Because, Merger, Result, Splitting
from server.ledger.dispatching import clear_due
from server.ledger.reading import item_seen_by
from server.ledger.refusals import AskerMayNotDecide, VoidedByTheSame
from server.ledger.registering import NewItem, register
from server.ledger.states import ENDED, MACHINE
from server.ledger.stepping import lock, lock_for_step, save_change, transition
from server.people import Actor, Permission


@unit_of_work
async def merge(item_id: UUID, command: Merger, *, by: Actor, now: datetime) -> Result:
    """Merge an open item into another; both keep their histories, and the merged one points to the other.

    What its unit had requested is answered by the merger. Raises OpenChildren while a split-off item is open,
    AskerMayNotDecide for one's own request.
    """
    item = await lock_for_step(
        item_id, "merge", version=command.version, by=by, permission=Permission.DECIDE_ITEMS
    )
    survivor = await item_seen_by(by, command.into, permission=Permission.DECIDE_ITEMS)
    if survivor.id == item.id or survivor.state in ENDED:
        raise MACHINE.wrong_step(item, "要并入的事项已经办结或就是它自己。", state=survivor.state)
    await check_children(item)
    item.merged_into_id = survivor.id
    into = survivor.number_text
    answered = {"state": RequestState.REFUSED, "reply": f"已并入{into}。", "decided_at": now}
    for kind in (CloseOutRequest, Extension, RetentionRequest):
        if await kind.exists(item_id=item.id, state=RequestState.ASKED, asked_by_id=by.person.id):
            raise AskerMayNotDecide
        await kind.filter(item_id=item.id, state=RequestState.ASKED).update(
            **answered, decided_by_id=by.person.id
        )
    return Result(await transition(item, "merge", event="merged", by=by, into=into, reason=command.reason))


@unit_of_work
async def void(item_id: UUID, command: Because, *, by: Actor, now: datetime) -> Result:
    """Void an item that was registered in error; its number stays used.

    Where the city asks for two people, the first call proposes it and another person's confirms it (REV-04).
    Raises VoidedByTheSame.
    """
    item = await lock_for_step(
        item_id, "void", version=command.version, by=by, permission=Permission.DECIDE_ITEMS
    )
    if (await policies.in_force()).four_eyes.void:
        if item.void_asked_by_id is None:
            item.void_asked_by_id = by.person.id
            return Result(await save_change(item, event="void_asked", by=by, reason=command.reason))
        if item.void_asked_by_id == by.person.id:
            raise VoidedByTheSame
    return Result(await transition(item, "void", event="voided", by=by, reason=command.reason))


@unit_of_work
async def take_back(item_id: UUID, *, version: int, by: Actor) -> LedgerItem:
    """Void an item whose registration is undone a moment later; a dispatched one is recalled first."""
    item = await lock(item_id, version=version, by=by, permission=Permission.DECIDE_ITEMS)
    if item.state is LedgerState.DISPATCHED:
        item.lead_unit_id, item.commissioner_id = None, None
        clear_due(item)
        item = await transition(item, "return_back", event="recalled", by=by)
    return await transition(item, "void", event="voided", by=by, reason="撤销受理")


@unit_of_work
async def split(item_id: UUID, command: Splitting, *, by: Actor, now: datetime) -> Result:
    """Open one item with the office's next number for each title; the parent can close only after them."""
    item = await lock(item_id, version=command.version, by=by, permission=Permission.DECIDE_ITEMS)
    if item.state in ENDED or item.state is LedgerState.CLOSING:
        raise MACHINE.wrong_step(item)
    office = await item.organisation
    children = []
    for title in command.titles:
        new = NewItem(
            title,
            item.kind,
            summary=item.summary,
            place_name=item.place_name,
            task_id=item.task_id,
            category=item.category,
        )
        child = await register(new, office=office, at=_position(item), by=by.person, now=now)
        await LedgerItem.filter(id=child.id).update(parent_id=item.id)
        children.append(child)
    numbers = "、".join(child.number_text for child in children)
    return Result(await save_change(item, event="split", by=by, children=numbers), children=children)


@unit_of_work
async def re_register(item_id: UUID, command: Because, *, by: Actor, now: datetime) -> Result:
    """Reopen a closed item under the same number, in its next round."""
    item = await lock_for_step(
        item_id, "re_register", version=command.version, by=by, permission=Permission.DECIDE_ITEMS
    )
    item.round += 1
    item.closed_at, item.percent, item.lead_unit_id, item.commissioner_id = None, 0, None, None
    item.retention_note, item.next_review_on = "", None
    clear_due(item)
    item.asked_by_id, item.state_before, item.needs_review_since = None, None, None
    told = {"round": item.round, "reason": command.reason}
    return Result(await transition(item, "re_register", event="re_registered", by=by, **told))


def _position(item: LedgerItem) -> Position | None:
    if item.wgs_latitude is None or item.wgs_longitude is None:
        return None
    return Position(item.wgs_latitude, item.wgs_longitude, Datum.WGS84)
