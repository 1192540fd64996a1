"""An empty ledger sheet for older ledgers, with the columns of the export."""

import asyncio

from models import Organisation
from models.vocabulary import ObservationKind
from server.exports.books.ledger import BOOK
from server.gateways.excel import SheetColumn, write_sheet
from server.ledger.dispatching import WORKERS
from server.ledger_sheets.columns import COLUMNS, UNIT

NOTES = (
    "填写说明：每行一件；“编号”留空，接入时自动挂号；标题和挂号时间必填，其余可以不填；已经办结的不用接入。",
    "标题行、说明、合计行和空行不会读入；单位用系统里的名称。",
)


async def template() -> bytes:
    """Return a sheet to fill in from an older ledger, with kinds and units to choose from."""
    units = await Organisation.filter(kind__in=list(WORKERS), closed_on=None).order_by("sort_order", "code")
    choices = {"kind": [kind.label for kind in ObservationKind], UNIT: [unit.name for unit in units]}
    columns = [
        SheetColumn(
            header=column.header,
            width=column.width,
            hint=column.hint,
            choices=choices.get(column.key, ()),
            other_allowed=True,
        )
        for column in COLUMNS
    ]
    return await asyncio.to_thread(write_sheet, columns, [], title=BOOK.title, notes=NOTES)
