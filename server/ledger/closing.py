"""Closing out (销号): requested with evidence, decided by somebody else, re-checked by the reporter (LED-08)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from models import CloseOutRequest, LedgerItem, ManifestLine
from models.vocabulary import LedgerState, ReasonUse, RequestState
from server import photos, policies
from server.kernel.unit_of_work import unit_of_work
from server.ledger.commands import AskCloseOut, CloseOutDecision, EvidencePhoto, Result
from server.ledger.evidence import missing_evidence
from server.ledger.giving_back import chosen, keep, said
from server.ledger.refusals import AskerMayNotDecide, EvidenceMissing, OpenChildren
from server.ledger.states import ENDED
from server.ledger.stepping import lock_for_step, transition
from server.people import Actor, Permission
from server.photos import AnnouncedPhoto

SUBJECT = "close_out_request"


@unit_of_work
async def request_close_out(item_id: UUID, command: AskCloseOut, *, by: Actor, now: datetime) -> Result:
    """Report that a matter is done, with its evidence by kind; photos are sent to /photos.

    Raises EvidenceMissing naming the kinds, OpenChildren while a split-off item is open.
    """
    text, evidence = command.text, command.evidence
    item = await lock_for_step(
        item_id, "request_close_out", version=command.version, by=by, permission=Permission.HANDLE_ITEMS
    )
    category = (await policies.in_force()).categories.named(item.category)
    lacking = missing_evidence(item.kind, [one.kind for one in evidence], category=category)
    if lacking:
        raise EvidenceMissing(
            f"还缺：{'、'.join(kind.label for kind in lacking)}。", missing=[kind.value for kind in lacking]
        )
    await check_children(item)
    request = await CloseOutRequest.create(
        id=uuid4(),
        item=item,
        round=item.round,
        asked_by=by.person,
        text=text,
        state=RequestState.ASKED,
        asked_at=now,
    )
    missing = await _announce(request, evidence, by=by, now=now)
    item.state_before, item.asked_by_id = item.state, by.person.id
    told = {"text": text, "photos": len(evidence)}
    item = await transition(item, "request_close_out", event="close_out_asked", by=by, **told)
    return Result(item, missing)


@unit_of_work
async def decide_close_out(item_id: UUID, command: CloseOutDecision, *, by: Actor, now: datetime) -> Result:
    """Close an item or send the request back; requesters can't decide on their own request (M09 AT2)."""
    step = "close_out" if command.approved else "reject"
    item = await lock_for_step(
        item_id, step, version=command.version, by=by, permission=Permission.DECIDE_ITEMS
    )
    decide = _close if command.approved else _send_back
    return Result(await decide(item, command, by=by, now=now))


async def _close(item: LedgerItem, command: CloseOutDecision, *, by: Actor, now: datetime) -> LedgerItem:
    await check_children(item)
    await _decide(item, RequestState.GRANTED, reply=command.reply, by=by, now=now)
    item.closed_at, item.percent = now, 100
    return await transition(item, "close_out", event="closed", by=by, reply=command.reply)


async def _send_back(item: LedgerItem, command: CloseOutDecision, *, by: Actor, now: datetime) -> LedgerItem:
    """Send the request back with a catalogue reason (`cause`) and own words; the item returns to its previous state."""
    why = await chosen(command.cause, use=ReasonUse.SEND_BACK)
    told = said(why, command.reply)
    await _decide(item, RequestState.REFUSED, reply=told, by=by, now=now)
    await keep(item, why, command.reply, use=ReasonUse.SEND_BACK, by=by, now=now)
    step = "reject_to_retained" if item.state_before is LedgerState.RETAINED else "reject"
    return await transition(item, step, event="close_out_refused", by=by, reply=told)


async def check_children(item: LedgerItem) -> None:
    """Raise OpenChildren naming the split-off items that have not ended."""
    still = await LedgerItem.filter(parent_id=item.id, state__not_in=ENDED).order_by("number")
    if still:
        raise OpenChildren(items=[one.number_text for one in still])


async def _decide(item: LedgerItem, state: RequestState, *, reply: str, by: Actor, now: datetime) -> None:
    request = await CloseOutRequest.get(item_id=item.id, state=RequestState.ASKED)
    if by.person.id in (request.asked_by_id, item.asked_by_id):
        raise AskerMayNotDecide
    request.state, request.reply, request.decided_by, request.decided_at = state, reply, by.person, now
    await request.save()


async def _announce(
    request: CloseOutRequest, evidence: Sequence[EvidencePhoto], *, by: Actor, now: datetime
) -> list[str]:
    announced = [AnnouncedPhoto(one.sha256, one.bytes) for one in evidence]
    missing = await photos.announce(
        announced, subject_kind=SUBJECT, subject_id=request.id, by=by.person, now=now
    )
    for position, one in enumerate(evidence, start=1):
        await ManifestLine.filter(subject_id=request.id, position=position).update(evidence=one.kind)
    return missing
