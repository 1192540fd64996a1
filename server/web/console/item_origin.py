"""What opened an item outside the ledger: a meeting's decision or a month report, for who may see it."""

from dataclasses import dataclass

from models import LedgerItem, Meeting, MonthReport
from server.obligations import visible
from server.people import Actor, Permission, may


@dataclass(frozen=True)
class ItemOrigin:
    """The title of the record that opened an item, and its page."""

    title: str
    address: str


async def origin_of(item: LedgerItem, *, to: Actor) -> ItemOrigin | None:
    """Return where an item comes from, or None if nowhere else or out of the actor's sight."""
    if not item.origin_kind or not may(to.duties, Permission.SEE_OBLIGATIONS):
        return None
    meeting = await Meeting.filter(visible(to), id=item.origin_id).first()
    if meeting:
        return ItemOrigin(meeting.title, f"/console/meetings/{meeting.id}")
    report = await MonthReport.filter(visible(to), id=item.origin_id).first()
    return ItemOrigin(report.title, f"/console/month-reports/{report.id}") if report else None
