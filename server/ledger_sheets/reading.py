"""Reading a sheet into ledger lines: the header is found, sums and section rows are skipped. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from server.gateways.workbooks import Sheet
from server.ledger_sheets.columns import COLUMNS
from server.ledger_sheets.refusals import LedgerSheetEmpty, LedgerSheetWithoutHeader
from server.ledger_sheets.sheet_rows import SheetRow
from server.sheets.finding_list import find_list, names_of
from server.sheets.problems import Problem, Skipped
from server.sheets.telling_rows import texts_of, why_no_row


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A sheet as read: its lines, the problems of its header, and the skipped rows."""

    problems: list[Problem]
    unknown_columns: list[str]
    lines: list[SheetRow] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read(sheets: Sequence[Sheet]) -> Reading:
    """Return the lines in the sheets of a file; raises LedgerSheetWithoutHeader, LedgerSheetEmpty, UnreadableSheet."""
    found = find_list(sheets, columns=COLUMNS)
    if found is None:
        raise LedgerSheetWithoutHeader(
            f"在工作表{names_of(sheets)}里没有找到台账的表头，看不出哪一列是什么。"
        )
    header = found.header
    reading = Reading(problems=header.problems, unknown_columns=header.unknown, notes=found.notes)
    for row in found.rows:
        if why := why_no_row(row, header=header, needed="title"):
            reading.skipped.append(Skipped(row=row.number, text=texts_of(row)[0], why=why))
        else:
            reading.problems.extend(header.broken(row, columns=COLUMNS))
            cells = {key: header.cell(row, key) for key in header.places}
            reading.lines.append(SheetRow(row=row.number, cells=cells))
    if not reading.lines:
        raise LedgerSheetEmpty
    return reading
