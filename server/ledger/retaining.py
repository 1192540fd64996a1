"""Retaining (留号): long-term work keeps its number with a note and a review date that brings it back (M09 AT3)."""

from datetime import date, datetime, timedelta
from uuid import UUID

from models import LedgerItem, RetentionRequest
from models.vocabulary import LedgerState, RequestState
from server.kernel.clock import business_date
from server.kernel.unit_of_work import unit_of_work
from server.ledger.commands import AskRetention, Because, Decision, Result, Retention
from server.ledger.refusals import AskerMayNotDecide, DateNotAhead
from server.ledger.states import MACHINE
from server.ledger.stepping import lock, lock_for_step, save_change, transition
from server.people import Actor, Permission


@unit_of_work
async def retain(item_id: UUID, command: Retention, *, by: Actor, now: datetime) -> Result:
    """Keep an item open long-term: the note says why, the date when it is reviewed."""
    note, next_review_on = command.note, command.next_review_on
    if next_review_on <= business_date(now):
        raise DateNotAhead
    item = await lock_for_step(
        item_id, "retain", version=command.version, by=by, permission=Permission.DECIDE_ITEMS
    )
    item.retention_note, item.next_review_on = note, next_review_on
    if asked := await _open(item):
        await _settle(asked, RequestState.GRANTED, reply="", by=by, now=now)
    return Result(await transition(item, "retain", event="retained", by=by, note=note, review=next_review_on))


@unit_of_work
async def ask_retention(item_id: UUID, command: AskRetention, *, by: Actor, now: datetime) -> Result:
    """Request that the office keep an item open long-term; one request at a time."""
    reason, review_on = command.reason, command.review_on
    item = await lock(item_id, version=command.version, by=by, permission=Permission.HANDLE_ITEMS)
    if item.state is not LedgerState.IN_PROGRESS or await _open(item):
        raise MACHINE.wrong_step(item)
    if review_on <= business_date(now):
        raise DateNotAhead
    await RetentionRequest.create(
        item=item,
        asked_by=by.person,
        reason=reason,
        review_on=review_on,
        state=RequestState.ASKED,
        asked_at=now,
    )
    return Result(await save_change(item, event="retention_asked", by=by, review=review_on, reason=reason))


@unit_of_work
async def decide_retention(item_id: UUID, command: Decision, *, by: Actor, now: datetime) -> Result:
    """Retain an item at its unit's request, or say why not; requesters can't decide on their own request."""
    reply = command.reply
    item = await lock_for_step(
        item_id, "retain", version=command.version, by=by, permission=Permission.DECIDE_ITEMS
    )
    asked = await _open(item)
    if asked is None:
        raise MACHINE.wrong_step(item)
    state = RequestState.GRANTED if command.approved else RequestState.REFUSED
    await _settle(asked, state, reply=reply, by=by, now=now)
    if not command.approved:
        return Result(await save_change(item, event="retention_refused", by=by, reply=reply))
    review_on = max(asked.review_on, business_date(now) + timedelta(days=1))
    item.retention_note, item.next_review_on = asked.reason, review_on
    return Result(
        await transition(item, "retain", event="retained", by=by, note=asked.reason, review=review_on)
    )


@unit_of_work
async def resume(item_id: UUID, command: Because, *, by: Actor, now: datetime) -> Result:
    """Resume a retained item."""
    item = await lock_for_step(
        item_id, "resume", version=command.version, by=by, permission=Permission.DECIDE_ITEMS
    )
    item.retention_note, item.next_review_on = "", None  # the journal keeps why it was retained
    return Result(await transition(item, "resume", event="resumed", by=by, reason=command.reason))


async def due_for_review(today: date) -> list[LedgerItem]:
    """Return the retained items whose review date has come: they stay on the to-do list until decided."""
    held = LedgerItem.filter(state=LedgerState.RETAINED, next_review_on__lte=today)
    return await held.order_by("next_review_on", "number").select_related("lead_unit")


async def _open(item: LedgerItem) -> RetentionRequest | None:
    return await RetentionRequest.get_or_none(item_id=item.id, state=RequestState.ASKED)


async def _settle(
    asked: RetentionRequest, state: RequestState, *, reply: str, by: Actor, now: datetime
) -> None:
    if asked.asked_by_id == by.person.id:
        raise AskerMayNotDecide
    asked.state, asked.reply, asked.decided_by, asked.decided_at = state, reply, by.person, now
    await asked.save()
