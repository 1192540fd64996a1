"""Taking over (接入旧台账): a matter of an older ledger gets one of our numbers and keeps its dates."""

from datetime import date, datetime, time
from typing import Annotated

from msgspec import Meta, Struct

from models import LedgerItem, OldEntry, Organisation, Person
from server import journal
from server.kernel.calendars import calendar
from server.kernel.clock import SHANGHAI, business_date
from server.kernel.unit_of_work import unit_of_work
from server.ledger.deadlines import on_day
from server.ledger.dispatching import set_due
from server.ledger.refusals import RegisteredAhead, TakenOverBefore
from server.ledger.registering import NewItem, enter_new


class OldItem(Struct, frozen=True, kw_only=True):
    """A matter as an older ledger states it; `digest` (SHA-256 in hex) is equal for equal lines."""

    new: NewItem
    registered_on: date
    due_on: date | None = None
    old_number: Annotated[str, Meta(max_length=60)] = ""
    digest: str


@unit_of_work
async def take_over(old: OldItem, *, office: Organisation, by: Person, now: datetime) -> LedgerItem:
    """Open an item under the next number of the year in the older ledger; it is dispatched like any other.

    Raises TakenOverBefore with the existing number, RegisteredAhead, NoSeries.
    """
    if old.registered_on > business_date(now):
        raise RegisteredAhead
    before = await OldEntry.get_or_none(organisation=office, digest=old.digest).select_related("item")
    if before:
        raise TakenOverBefore(f"这一件已经接入，编号{before.item.number_text}。")
    registered_at = datetime.combine(old.registered_on, time.min, SHANGHAI)
    item = await enter_new(old.new, office=office, at=None, by=by, registered_at=registered_at)
    if old.due_on:
        set_due(item, on_day(old.due_on, calendar=await calendar()))
        await item.save()
    await OldEntry.create(
        item=item, organisation=office, old_number=old.old_number, digest=old.digest, taken_over_at=now
    )
    await journal.record(
        "ledger_item.taken_over",
        item,
        by=by,
        number=item.number_text,
        registered=old.registered_on,
        old_number=old.old_number or "无",
    )
    return item


async def taken_over(office: Organisation, digests: list[str]) -> dict[str, LedgerItem]:
    """Return the items of older ledgers' lines, by the digests of the lines."""
    found = await OldEntry.filter(organisation=office, digest__in=digests).select_related("item")
    return {one.digest: one.item for one in found}
