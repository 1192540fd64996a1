"""Dispatching (分办): a unit gets an item, then acknowledges it or gives it back; items can be transferred."""

from datetime import date, datetime
from uuid import UUID

from models import LedgerItem, Organisation
from models.vocabulary import OrganisationKind, ReasonUse
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.kernel.unit_of_work import unit_of_work
from server.ledger.commands import Deed, Dispatch, GivingBack, Result, Transfer
from server.ledger.deadlines import Due, in_working_days, on_day
from server.ledger.giving_back import chosen, keep, said
from server.ledger.refusals import DateNotAhead, DeadlineNeedsReason, NotAUnit
from server.ledger.stepping import lock_for_step, transition
from server.people import Actor, Permission
from server.people.answering import commissioner_of

WORKERS = {
    OrganisationKind.COUNTY_UNIT,
    OrganisationKind.RESPONSIBLE_UNIT,
    OrganisationKind.COUNTY_REFORM_OFFICE,
}
USUAL_DAYS = 15


@unit_of_work
async def dispatch(item_id: UUID, command: Dispatch, *, by: Actor, now: datetime) -> Result:
    """Give an item to a unit, due in working days or on a date.

    Without days or date the item keeps its deadline, or else gets 15 working days. A changed deadline needs a reason,
    which is journalled with both deadlines. Raises DateNotAhead, DeadlineNeedsReason, NotAUnit.
    """
    item = await lock_for_step(
        item_id, "dispatch", version=command.version, by=by, permission=Permission.DECIDE_ITEMS
    )
    due, before = await _new_due(item, command, now=now), item.due_words
    if due and item.due_on and not command.reason:
        raise DeadlineNeedsReason
    moved = f"（原来{before}；改期理由：{command.reason}）" if due and item.due_on else ""
    unit = await _give(item, command.unit_id, commissioner_id=command.commissioner_id, now=now)
    if due:
        set_due(item, due)
    told = {"unit": unit.short_name, "due": item.due_words, "moved": moved, "words": command.words}
    return Result(await transition(item, "dispatch", event="dispatched", by=by, **told))


@unit_of_work
async def transfer(item_id: UUID, command: Transfer, *, by: Actor, now: datetime) -> Result:
    """Move an item from one unit to another; the deadline stays."""
    item = await lock_for_step(
        item_id, "transfer", version=command.version, by=by, permission=Permission.DECIDE_ITEMS
    )
    unit = await _give(item, command.unit_id, now=now)
    told = {"unit": unit.short_name, "due": item.due_words, "words": command.reason}
    return Result(await transition(item, "transfer", event="transferred", by=by, **told))


@unit_of_work
async def acknowledge(item_id: UUID, command: Deed, *, by: Actor, now: datetime) -> Result:
    """Acknowledge a dispatched item (签收)."""
    item = await lock_for_step(
        item_id, "acknowledge", version=command.version, by=by, permission=Permission.HANDLE_ITEMS
    )
    item.acknowledged_at = now
    return Result(await transition(item, "acknowledge", event="acknowledged", by=by))


@unit_of_work
async def give_back(item_id: UUID, command: GivingBack, *, by: Actor, now: datetime) -> Result:
    """Give a dispatched item back to the office, with a catalogue reason (`cause`) and own words.

    Raises ReasonNotChosen.
    """
    item = await lock_for_step(
        item_id, "return_back", version=command.version, by=by, permission=Permission.HANDLE_ITEMS
    )
    why = await chosen(command.cause, use=ReasonUse.GIVE_BACK)
    told = said(why, command.reason)
    await keep(item, why, command.reason, use=ReasonUse.GIVE_BACK, by=by, now=now)
    unit = await Organisation.get_or_none(id=item.lead_unit_id)
    item.lead_unit_id, item.commissioner_id = None, None
    name = unit.short_name if unit else ""
    return Result(await transition(item, "return_back", event="returned", by=by, reason=told, unit=name))


async def _give(
    item: LedgerItem, unit_id: UUID, *, commissioner_id: UUID | None = None, now: datetime
) -> Organisation:
    """Assign an item to a unit and its commissioner; raises NotAUnit, NotItsCommissioner."""
    unit = await Organisation.get_or_none(id=unit_id)
    if unit is None or unit.kind not in WORKERS:
        raise NotAUnit
    item.lead_unit_id = unit.id
    item.commissioner_id = await commissioner_of(
        unit, wanted=commissioner_id, task_id=item.task_id, on=business_date(now)
    )
    item.dispatched_at, item.acknowledged_at = now, None
    return unit


async def _new_due(item: LedgerItem, command: Dispatch, *, now: datetime) -> Due | None:
    """Return the deadline to set, or None if the item keeps its own."""
    days, due_on = command.days, command.due_on
    if item.due_on and (due_on == item.due_on or (days is None and due_on is None)):
        return None
    due = await deadline_for(days=days, due_on=due_on, now=now)
    return None if due.on == item.due_on else due


def set_due(item: LedgerItem, due: Due) -> None:
    """Set an item's deadline with its rule and words."""
    item.due_on, item.due_words, item.due_is_provisional = due.on, due.words, due.is_provisional
    item.due_from_on, item.due_days = due.from_on, due.days


def clear_due(item: LedgerItem) -> None:
    """Remove an item's deadline."""
    item.due_on, item.due_words, item.due_is_provisional = None, "", False
    item.due_from_on, item.due_days = None, None


async def deadline_for(*, days: int | None, due_on: date | None, now: datetime) -> Due:
    """Return the deadline that a dispatch would set now, with its words; raises DateNotAhead."""
    today, known = business_date(now), await calendar()
    if due_on is None:
        return in_working_days(days or USUAL_DAYS, start=today, calendar=known)
    if due_on <= today:
        raise DateNotAhead
    return on_day(due_on, calendar=known)
