"""From a sheet to lines of the ledger: header found, sums and sections left out. Pure."""

from dataclasses import dataclass, field

from server.gateways.excel import Row
from server.ledger_sheets.columns import COLUMNS
from server.ledger_sheets.lines import Line
from server.ledger_sheets.refusals import LedgerSheetEmpty, LedgerSheetWithoutHeader
from server.sheets.finding_header import find_header
from server.sheets.problems import Problem, Skipped
from server.sheets.telling_rows import texts_of, why_no_row


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A sheet as read: its lines, what is wrong with its header, and what was left out."""

    problems: list[Problem]
    unknown_columns: list[str]
    lines: list[Line] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def read(rows: list[Row]) -> Reading:
    """The lines among the rows of a sheet; raises LedgerSheetWithoutHeader, LedgerSheetEmpty."""
    header = find_header(rows, columns=COLUMNS)
    if header is None:
        raise LedgerSheetWithoutHeader
    reading = Reading(problems=header.problems, unknown_columns=header.unknown)
    for row in rows:
        if row.number <= header.row.number:
            continue
        if why := why_no_row(row, header=header, needed="title"):
            reading.skipped.append(Skipped(row=row.number, text=texts_of(row)[0], why=why))
        else:
            cells = {key: header.cell(row, key) for key in header.places}
            reading.lines.append(Line(row=row.number, cells=cells))
    if not reading.lines:
        raise LedgerSheetEmpty
    return reading
