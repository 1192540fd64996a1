"""Progress reports (进展填报): percent, words and evidence; three equal ones in a row are flagged (LED-06)."""

from datetime import datetime
from uuid import UUID, uuid4

from models import LedgerItem, ProgressReport
from models.vocabulary import LedgerState, Light
from server import photos
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.kernel.unit_of_work import unit_of_work
from server.ledger.commands import Progress, Result
from server.ledger.refusals import NextStepMissing
from server.ledger.states import MACHINE
from server.ledger.status_light import light_status
from server.ledger.stepping import lock, save_change
from server.people import Actor, Permission

SUBJECT = "progress_report"
ALIKE = 3
BEHIND = (Light.YELLOW, Light.RED)
WORKED_ON = (LedgerState.IN_PROGRESS, LedgerState.RETAINED)


@unit_of_work
async def report_progress(item_id: UUID, command: Progress, *, by: Actor, now: datetime) -> Result:
    """Report the progress of an item; photos are announced by digest and sent to /photos.

    Raises NextStepMissing for an item that is overdue or behind its plan.
    """
    item = await lock(item_id, version=command.version, by=by, permission=Permission.HANDLE_ITEMS)
    MACHINE.check_state(item, WORKED_ON)
    await _check_next_step(item, command, now=now)
    report = await ProgressReport.create(
        id=uuid4(),
        item=item,
        by=by.person,
        percent=command.percent,
        text=command.text,
        next_step=command.next_step,
        is_alike=await _is_alike(item, command.text),
        reported_at=now,
    )
    missing = await photos.announce(
        command.photos, subject_kind=SUBJECT, subject_id=report.id, by=by.person, now=now
    )
    item.percent = command.percent
    said = {"percent": command.percent, "text": command.text, "alike": report.is_alike or None}
    return Result(await save_change(item, event="progress_reported", by=by, **said), missing)


async def _check_next_step(item: LedgerItem, command: Progress, *, now: datetime) -> None:
    """Raise NextStepMissing if the item is behind, even with what is reported now, and no next step is named."""
    status = light_status(
        state=item.state,
        due_on=item.due_on,
        started_on=business_date(item.dispatched_at) if item.dispatched_at else None,
        percent=command.percent,
        today=business_date(now),
        calendar=await calendar(),
    )
    if status.light in BEHIND and not command.next_step.strip():
        raise NextStepMissing(f"{status.because}还没有写下一步怎么办。")


async def is_progress_alike(item: LedgerItem) -> bool:
    """Whether the last progress report of an item says the same as the two before it."""
    last = await ProgressReport.filter(item_id=item.id).order_by("-reported_at").first()
    return last is not None and last.is_alike


async def _is_alike(item: LedgerItem, text: str) -> bool:
    """Whether this report and the last ones are equal except for spaces and punctuation."""
    last = await ProgressReport.filter(item_id=item.id).order_by("-reported_at").limit(ALIKE - 1)
    return len(last) == ALIKE - 1 and {_bare(one.text) for one in last} == {_bare(text)}


def _bare(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())
