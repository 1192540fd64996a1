"""Progress reports (进展填报): percent, words and evidence; three alike are flagged (LED-06)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from models import LedgerItem, ProgressReport
from models.vocabulary import LedgerState
from server import photos
from server.kernel.unit_of_work import unit_of_work
from server.ledger.states import MACHINE
from server.ledger.stepping import lock, save_change
from server.people import Actor, Permission
from server.photos import AnnouncedPhoto

SUBJECT = "progress_report"
ALIKE = 3
WORKED_ON = (LedgerState.IN_PROGRESS, LedgerState.RETAINED)


@unit_of_work
async def report_progress(
    item_id: UUID,
    *,
    version: int,
    percent: int,
    text: str,
    by: Actor,
    now: datetime,
    next_step: str = "",
    evidence: Sequence[AnnouncedPhoto] = (),
) -> tuple[LedgerItem, ProgressReport, list[str]]:
    """Say how far an item is; returns the item, the report and the digests of photos still missing."""
    item = await lock(item_id, version=version, by=by, permission=Permission.HANDLE_ITEMS)
    MACHINE.check_state(item, WORKED_ON)
    report = await ProgressReport.create(
        id=uuid4(),
        item=item,
        by=by.person,
        percent=percent,
        text=text,
        next_step=next_step,
        is_alike=await _is_alike(item, text),
        reported_at=now,
    )
    missing = await photos.announce(
        evidence, subject_kind=SUBJECT, subject_id=report.id, by=by.person, now=now
    )
    item.percent = percent
    await save_change(
        item, event="progress_reported", by=by, percent=percent, text=text, alike=report.is_alike or None
    )
    return item, report, missing


async def is_progress_alike(item: LedgerItem) -> bool:
    """Whether the last progress report of an item says the same as the two before it."""
    last = await ProgressReport.filter(item_id=item.id).order_by("-reported_at").first()
    return last is not None and last.is_alike


async def _is_alike(item: LedgerItem, text: str) -> bool:
    """Whether the last reports and this one say the same, but for spaces and stops."""
    last = await ProgressReport.filter(item_id=item.id).order_by("-reported_at").limit(ALIKE - 1)
    return len(last) == ALIKE - 1 and {_bare(one.text) for one in last} == {_bare(text)}


def _bare(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())
