"""Progress reports (进展填报): percent, words and evidence; three equal ones in a row are flagged (LED-06)."""

from datetime import datetime
from uuid import UUID, uuid4

from models import LedgerItem, ProgressReport
from models.vocabulary import LedgerState
from server import photos
from server.kernel.unit_of_work import unit_of_work
from server.ledger.commands import Progress, Result
from server.ledger.states import MACHINE
from server.ledger.stepping import lock, save_change
from server.people import Actor, Permission

SUBJECT = "progress_report"
ALIKE = 3
WORKED_ON = (LedgerState.IN_PROGRESS, LedgerState.RETAINED)


@unit_of_work
async def report_progress(item_id: UUID, command: Progress, *, by: Actor, now: datetime) -> Result:
    """Report the progress of an item; photos are announced by digest and sent to /photos."""
    item = await lock(item_id, version=command.version, by=by, permission=Permission.HANDLE_ITEMS)
    MACHINE.check_state(item, WORKED_ON)
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
