"""Extensions (延期): requested before the deadline, decided by the office, counted permanently (LED-07)."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from models import Extension, LedgerItem
from models.vocabulary import LedgerState, RequestState
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.kernel.unit_of_work import unit_of_work
from server.ledger.commands import AskExtension, Decision, Result
from server.ledger.deadlines import on_day
from server.ledger.dispatching import set_due
from server.ledger.pending import Pending
from server.ledger.refusals import AskerMayNotDecide, DateNotAhead, ExtensionTooLate
from server.ledger.states import MACHINE
from server.ledger.stepping import lock, save_change
from server.people import Actor, Permission

WORKED_BY = {"acknowledge", "report_progress"}
IN_TIME = "确需延期的，请在签收以后、期限届满以前（当天也可以）提出申请。"


def extension_words(item: LedgerItem, *, today: date) -> str:
    """Return what a unit is told about a later deadline: the rule of `ask_extension`, for pages and letters. Pure."""
    if item.due_on and today > item.due_on:
        return f"{ExtensionTooLate.message_zh}{ExtensionTooLate.hint_zh}"
    return IN_TIME


def why_no_extension(item: LedgerItem, *, open_deeds: Collection[str], pending: Pending, today: date) -> str:
    """Return why a person working on an item can't request a later deadline now; empty if they can. Pure."""
    works_on_it = WORKED_BY & set(open_deeds)
    if not (works_on_it and item.due_on) or pending.extension or "ask_extension" in open_deeds:
        return ""
    return extension_words(item, today=today)


@unit_of_work
async def ask_extension(item_id: UUID, command: AskExtension, *, by: Actor, now: datetime) -> Result:
    """Request a later deadline; one request at a time, and never after the deadline."""
    until_on, reason = command.until_on, command.reason
    item = await lock(item_id, version=command.version, by=by, permission=Permission.HANDLE_ITEMS)
    today = business_date(now)
    if item.state is not LedgerState.IN_PROGRESS or await _open(item):
        raise MACHINE.wrong_step(item)
    if item.due_on and today > item.due_on:
        raise ExtensionTooLate
    if item.due_on is None or until_on <= item.due_on:
        raise DateNotAhead("延期后的日期要晚于原来的期限。")
    await Extension.create(
        item=item,
        asked_by=by.person,
        reason=reason,
        until_on=until_on,
        state=RequestState.ASKED,
        asked_at=now,
    )
    return Result(await save_change(item, event="extension_asked", by=by, until=until_on, reason=reason))


@unit_of_work
async def decide_extension(item_id: UUID, command: Decision, *, by: Actor, now: datetime) -> Result:
    """Grant or refuse the open request for a later deadline; granting it moves the deadline."""
    reply = command.reply
    item = await lock(item_id, version=command.version, by=by, permission=Permission.DECIDE_ITEMS)
    asked = await _open(item)
    if asked is None:
        raise MACHINE.wrong_step(item)
    if asked.asked_by_id == by.person.id:
        raise AskerMayNotDecide
    asked.state = RequestState.GRANTED if command.approved else RequestState.REFUSED
    asked.decided_by, asked.decided_at, asked.reply = by.person, now, reply
    await asked.save()
    if not command.approved:
        return Result(await save_change(item, event="extension_refused", by=by, reply=reply))
    set_due(item, on_day(asked.until_on, calendar=await calendar()))
    return Result(
        await save_change(item, event="extension_granted", by=by, until=asked.until_on, reply=reply)
    )


async def extensions_granted(item: LedgerItem) -> int:
    """Count how often an item's deadline was extended."""
    return await Extension.filter(item_id=item.id, state=RequestState.GRANTED).count()


async def _open(item: LedgerItem) -> Extension | None:
    return await Extension.get_or_none(item_id=item.id, state=RequestState.ASKED)
