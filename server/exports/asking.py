"""Asking for a file: a row, an entry in the journal, and by that entry the worker's job."""

from datetime import datetime

import msgspec

from models import Export
from models.vocabulary import ExportState
from server import journal, ledger
from server.clock import business_date
from server.ledger import LedgerView
from server.people import Act, Visitor
from server.refusal import Refusal
from server.work import deed

LEDGER = "ledger"
MOST_AT_ONCE = 3
MOST_ROWS = 500_000  # a sheet holds a million, but nobody can work with it
UNFINISHED = (ExportState.WAITING, ExportState.RUNNING)


class TooManyExports(Refusal):
    """A person waits for three files already."""

    status = 409
    message_zh = "您已有3份导出正在生成。"
    hint_zh = "请等其中一份生成好以后再导出。"
    retry = "later"


class TooManyRows(Refusal):
    """The filter finds more than a sheet should hold."""

    status = 422
    message_zh = "要导出的台账超过50万条，一个表格放不下。"
    hint_zh = "请先按年度或状态筛选，分几次导出。"


@deed
async def ask_export(wanted: LedgerView, *, by: Visitor, now: datetime) -> Export:
    """Ask for the items a filter finds as a sheet; the worker makes it and the row shows how far it is.

    Raises NotAllowed, TooManyExports, TooManyRows.
    """
    by.reaches(Act.SEE_LEDGER)
    if await Export.filter(person=by.person, state__in=UNFINISHED).count() >= MOST_AT_ONCE:
        raise TooManyExports
    also = await ledger.narrowed(wanted, visitor=by, today=business_date(now))
    total = await ledger.count_of(by, wanted, also=also)
    if total > MOST_ROWS:
        raise TooManyRows
    whole = msgspec.structs.replace(wanted, cursor=None)
    export = await Export.create(
        person=by.person, kind=LEDGER, wanted=msgspec.to_builtins(whole), total=total, asked_at=now
    )
    await journal.record("export.asked", export, by=by.person, total=total, wanted=export.wanted)
    return export
