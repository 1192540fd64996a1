"""Deeds on ledger items from phones: each is a sub-noun of the item, done once under its key."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sanic import Blueprint, Request

from models import LedgerItem
from server import ledger
from server.kernel.refusal import Refusal
from server.kernel.state_machine import StaleItem, WrongStep
from server.ledger import refusals as no
from server.people import Permission
from server.people.answering import NotItsCommissioner
from server.web.door.admission import tools_of
from server.web.door.guards import phone
from server.web.door.operations import Done, Handler, actor_of, operation
from server.web.miniapp import ledger_commands as ask
from server.web.miniapp.item_cards import GivenBack, StepTaken, given_back
from server.web.miniapp.ledger_cards import Split, StepDone

blueprint = Blueprint("ledger_deeds")
HANDLE, DECIDE = phone(Permission.HANDLE_ITEMS), phone(Permission.DECIDE_ITEMS)
STEP: tuple[type[Refusal], ...] = (WrongStep, StaleItem)


def item_action(
    noun: str,
    *,
    summary: str,
    body: type[Any],
    guard: Any,
    refusals: tuple[type[Refusal], ...] = (),
    keyed: type[Done] = StepTaken,
) -> Callable[[Handler], Handler]:
    """A deed on an item: POST to the item's sub-noun, once under its key."""
    return operation(
        blueprint,
        "POST",
        f"/ledger-items/<item_id:uuid>/{noun}",
        summary=summary,
        guard=guard,
        body=body,
        answers={201: StepDone},
        keyed=keyed,
        refusals=(*STEP, *refusals),
    )


def _taken(item: LedgerItem, missing: list[str] | None = None) -> StepTaken:
    return StepTaken(item.id, missing or [])


def _who_and_when(request: Request) -> dict[str, Any]:
    return {"by": actor_of(request), "now": tools_of(request).clock.now()}


@item_action(
    "dispatches",
    summary="分办",
    body=ask.Dispatch,
    guard=DECIDE,
    refusals=(no.NotAUnit, no.DateNotAhead, no.DeadlineNeedsReason, NotItsCommissioner),
)
async def dispatch_item(request: Request, item_id: UUID, command: ask.Dispatch) -> StepTaken:
    """Give an item to a unit, due in working days or on a date; if nothing is said, an item keeps its deadline."""
    item = await ledger.dispatch(
        item_id,
        version=command.version,
        unit_id=command.unit_id,
        commissioner_id=command.commissioner_id,
        days=command.days,
        due_on=command.due_on,
        words=command.words,
        reason=command.reason,
        **_who_and_when(request),
    )
    return _taken(item)


@item_action("transfers", summary="转办", body=ask.Transfer, guard=DECIDE, refusals=(no.NotAUnit,))
async def transfer_item(request: Request, item_id: UUID, command: ask.Transfer) -> StepTaken:
    """Take an item from one unit and give it to another."""
    item = await ledger.transfer(
        item_id,
        version=command.version,
        unit_id=command.unit_id,
        reason=command.reason,
        **_who_and_when(request),
    )
    return _taken(item)


@item_action("acknowledgements", summary="签收", body=ask.Deed, guard=HANDLE)
async def acknowledge_item(request: Request, item_id: UUID, command: ask.Deed) -> StepTaken:
    """Sign for a dispatched item."""
    return _taken(await ledger.acknowledge(item_id, version=command.version, **_who_and_when(request)))


@item_action(
    "returns",
    summary="退回改革办",
    body=ask.GivingBack,
    guard=HANDLE,
    refusals=(no.ReasonNotChosen,),
    keyed=GivenBack,
)
async def return_item(request: Request, item_id: UUID, command: ask.GivingBack) -> GivenBack:
    """Give a dispatched item back because it belongs elsewhere; the answer is the last this unit sees of it."""
    actor = actor_of(request)
    seen = await ledger.item_seen_by(actor, item_id)
    item = await ledger.give_back(
        item_id,
        version=command.version,
        cause=command.cause,
        reason=command.reason,
        **_who_and_when(request),
    )
    return await given_back(request, seen, item)


@item_action("progress-reports", summary="填报进展", body=ask.Progress, guard=HANDLE)
async def report_item_progress(request: Request, item_id: UUID, command: ask.Progress) -> StepTaken:
    """Say how far an item is; photos are announced by digest and sent to /photos."""
    item, _, missing = await ledger.report_progress(
        item_id,
        version=command.version,
        percent=command.percent,
        text=command.text,
        next_step=command.next_step,
        evidence=command.photos,
        **_who_and_when(request),
    )
    return _taken(item, missing)


@item_action(
    "extensions",
    summary="申请延期",
    body=ask.AskExtension,
    guard=HANDLE,
    refusals=(no.DateNotAhead, no.ExtensionTooLate),
)
async def ask_item_extension(request: Request, item_id: UUID, command: ask.AskExtension) -> StepTaken:
    """Ask for a later deadline, before the deadline."""
    item = await ledger.ask_extension(
        item_id,
        version=command.version,
        until_on=command.until_on,
        reason=command.reason,
        **_who_and_when(request),
    )
    return _taken(item)


@item_action(
    "extension-decisions",
    summary="审核延期",
    body=ask.Decision,
    guard=DECIDE,
    refusals=(no.AskerMayNotDecide,),
)
async def decide_item_extension(request: Request, item_id: UUID, command: ask.Decision) -> StepTaken:
    """Grant or refuse the open request for a later deadline."""
    item = await ledger.decide_extension(
        item_id,
        version=command.version,
        granted=command.approved,
        reply=command.reply,
        **_who_and_when(request),
    )
    return _taken(item)


@item_action(
    "retention-requests",
    summary="申请留号",
    body=ask.AskRetention,
    guard=HANDLE,
    refusals=(no.DateNotAhead,),
)
async def ask_item_retention(request: Request, item_id: UUID, command: ask.AskRetention) -> StepTaken:
    """Ask the office to keep the number of long-term work open."""
    item = await ledger.ask_retention(
        item_id,
        version=command.version,
        reason=command.reason,
        review_on=command.review_on,
        **_who_and_when(request),
    )
    return _taken(item)


@item_action(
    "retention-decisions",
    summary="审核留号",
    body=ask.Decision,
    guard=DECIDE,
    refusals=(no.AskerMayNotDecide,),
)
async def decide_item_retention(request: Request, item_id: UUID, command: ask.Decision) -> StepTaken:
    """Retain an item as its unit asked, or say why not."""
    item = await ledger.decide_retention(
        item_id,
        version=command.version,
        granted=command.approved,
        reply=command.reply,
        **_who_and_when(request),
    )
    return _taken(item)


@item_action(
    "close-out-requests",
    summary="申请销号",
    body=ask.AskCloseOut,
    guard=HANDLE,
    refusals=(no.EvidenceMissing, no.OpenChildren),
)
async def ask_item_close_out(request: Request, item_id: UUID, command: ask.AskCloseOut) -> StepTaken:
    """Say that a matter is done, with its evidence by kind; photos are sent to /photos."""
    item, _, missing = await ledger.request_close_out(
        item_id,
        version=command.version,
        text=command.text,
        evidence=command.evidence,
        **_who_and_when(request),
    )
    return _taken(item, missing)


@item_action(
    "close-out-decisions",
    summary="审核销号",
    body=ask.CloseOutDecision,
    guard=DECIDE,
    refusals=(no.AskerMayNotDecide, no.OpenChildren, no.ReasonNotChosen),
)
async def decide_item_close_out(request: Request, item_id: UUID, command: ask.CloseOutDecision) -> StepTaken:
    """Close an item or send the request back; never by the one who asked."""
    at = {"version": command.version, "reply": command.reply, **_who_and_when(request)}
    if command.approved:
        return _taken(await ledger.close_out(item_id, **at))
    return _taken(await ledger.send_back(item_id, cause=command.cause, **at))


@item_action("retentions", summary="留号", body=ask.Retention, guard=DECIDE, refusals=(no.DateNotAhead,))
async def retain_item(request: Request, item_id: UUID, command: ask.Retention) -> StepTaken:
    """Keep the number of long-term work, with a note and a review date."""
    item = await ledger.retain(
        item_id,
        version=command.version,
        note=command.note,
        next_review_on=command.next_review_on,
        **_who_and_when(request),
    )
    return _taken(item)


@item_action("resumptions", summary="恢复办理", body=ask.Because, guard=DECIDE)
async def resume_item(request: Request, item_id: UUID, command: ask.Because) -> StepTaken:
    """Take a retained item up again."""
    item = await ledger.resume(item_id, version=command.version, reason=command.reason, by=actor_of(request))
    return _taken(item)


@item_action("mergers", summary="并号", body=ask.Merger, guard=DECIDE)
async def merge_item(request: Request, item_id: UUID, command: ask.Merger) -> StepTaken:
    """Merge an item into another; both keep their histories."""
    item = await ledger.merge(
        item_id, version=command.version, into=command.into, reason=command.reason, by=actor_of(request)
    )
    return _taken(item)


@item_action("voidings", summary="作废", body=ask.Because, guard=DECIDE)
async def void_item(request: Request, item_id: UUID, command: ask.Because) -> StepTaken:
    """Void an item registered in error; its number stays used."""
    item = await ledger.void(item_id, version=command.version, reason=command.reason, by=actor_of(request))
    return _taken(item)


@item_action("re-registrations", summary="重新挂号", body=ask.Because, guard=DECIDE)
async def re_register_item(request: Request, item_id: UUID, command: ask.Because) -> StepTaken:
    """Open a closed item again under the same number, in its next round."""
    item = await ledger.re_register(
        item_id, version=command.version, reason=command.reason, by=actor_of(request)
    )
    return _taken(item)


@operation(
    blueprint,
    "POST",
    "/ledger-items/<item_id:uuid>/splits",
    summary="拆分",
    guard=DECIDE,
    body=ask.Splitting,
    answers={201: Split},
    keyed=Split,
    refusals=STEP,
)
async def split_item(request: Request, item_id: UUID, command: ask.Splitting) -> Split:
    """Open one item for each title; the parent closes only after them."""
    children = await ledger.split(
        item_id, version=command.version, titles=command.titles, **_who_and_when(request)
    )
    return Split([child.number_text for child in children])
