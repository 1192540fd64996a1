"""The unit's deeds on items, for commissioners and contacts who work at a desk; photos come from the phone."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta
from sanic import Blueprint

from server import ledger
from server.people import Actor, Permission
from server.web.console.item_deeds import Because, Deed, Few, GivingBack, Words, item_action

blueprint = Blueprint("console_handling_items", url_prefix="/ledger")
HANDLE = Permission.HANDLE_ITEMS


class Progress(Deed, frozen=True, kw_only=True):
    """How far, in percent and words, and what comes next."""

    percent: Annotated[int, Meta(ge=0, le=100)]
    text: Words
    next_step: Few = ""


class LaterDeadline(Because, frozen=True, kw_only=True):
    """Until when, and why."""

    until_on: date


class LongTerm(Deed, frozen=True, kw_only=True):
    """Why the work is long-term, and when it should be looked at again."""

    reason: Words
    review_on: date


class Finished(Deed, frozen=True, kw_only=True):
    """What was done."""

    text: Words


@item_action(blueprint, "receipt", form=Deed, permission=HANDLE)
async def acknowledge(item_id: UUID, typed: Deed, by: Actor, now: datetime) -> str:
    """Sign for a dispatched item."""
    await ledger.acknowledge(item_id, version=typed.version, by=by, now=now)
    return "已签收。"


@item_action(blueprint, "giving-back", form=GivingBack, permission=HANDLE)
async def return_back(item_id: UUID, typed: GivingBack, by: Actor, now: datetime) -> str:
    """Give a dispatched item back to the office; the unit that gave it back may see it no more."""
    await ledger.give_back(
        item_id, version=typed.version, cause=typed.cause, reason=typed.reason, by=by, now=now
    )
    return "已退回改革办。"


@item_action(blueprint, "progress", form=Progress, permission=HANDLE)
async def report_progress(item_id: UUID, typed: Progress, by: Actor, now: datetime) -> str:
    """Say how far it is."""
    await ledger.report_progress(
        item_id,
        version=typed.version,
        percent=typed.percent,
        text=typed.text,
        next_step=typed.next_step,
        by=by,
        now=now,
    )
    return "已填报进展。"


@item_action(blueprint, "later-deadline", form=LaterDeadline, permission=HANDLE)
async def ask_extension(item_id: UUID, typed: LaterDeadline, by: Actor, now: datetime) -> str:
    """Ask for a later deadline."""
    await ledger.ask_extension(
        item_id, version=typed.version, until_on=typed.until_on, reason=typed.reason, by=by, now=now
    )
    return "已申请延期，等待改革办审核。"


@item_action(blueprint, "retention-request", form=LongTerm, permission=HANDLE)
async def ask_retention(item_id: UUID, typed: LongTerm, by: Actor, now: datetime) -> str:
    """Ask the office to keep the number of long-term work."""
    await ledger.ask_retention(
        item_id, version=typed.version, reason=typed.reason, review_on=typed.review_on, by=by, now=now
    )
    return "已申请留号，等待改革办审核。"


@item_action(blueprint, "close-out-request", form=Finished, permission=HANDLE)
async def request_close_out(item_id: UUID, typed: Finished, by: Actor, now: datetime) -> str:
    """Say that a matter is done; where photos must prove it, the phone is the place."""
    await ledger.request_close_out(
        item_id, version=typed.version, text=typed.text, evidence=[], by=by, now=now
    )
    return "已申请销号，等待改革办审核。"
