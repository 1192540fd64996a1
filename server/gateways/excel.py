"""Writes Excel sheets: the only code that uses xlsxwriter."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from server.gateways.workbooks import Cell
from server.kernel.clock import SHANGHAI

LONGEST_TEXT = 32_767  # xlsxwriter silently drops a longer text

# Converting the cell to CSV, or pressing F2 and Enter in it, would turn these into a formula.
FORMULA_STARTS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")  # the last four are full-width
CHOICES_SHEET = "可选项"
ROWS_WITH_CHOICES = 1_000
MESSAGE_LENGTH = 255


@dataclass(frozen=True, kw_only=True)
class SheetColumn:
    """A column to write: `width` in characters; `choices` become a drop-down list, `hint` shows next to it."""

    header: str
    width: int = 12
    hint: str = ""
    choices: Sequence[str] = ()
    other_allowed: bool = False


def write_sheet(
    columns: Sequence[SheetColumn], rows: Iterable[Sequence[Cell]], *, title: str, notes: Sequence[str] = ()
) -> bytes:
    """Write an .xlsx file with title, notes, a frozen header and the rows, streamed at constant memory.

    Text is always written as text, so no cell can become a formula. Blocks: call it in a thread.
    """
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet(_sheet_name(title))
        writing = _Writing(workbook, sheet)
        top = writing.heading(columns, title=title, notes=notes)
        _offer_choices(workbook, sheet, columns, first_row=top)
        for number, row in enumerate(rows, start=top):
            for at, cell in enumerate(row):
                writing.cell(number, at, cell)
    return file.getvalue()


class LongSheet:
    """A sheet written to a file in portions, at constant memory for any length. Blocks: call it in a thread.

    Add rows as often as needed, then close.
    """

    def __init__(self, path: Path, columns: Sequence[SheetColumn], *, title: str, notes: Sequence[str] = ()):
        options = {"constant_memory": True, "tmpdir": str(path.parent)}
        self._book = xlsxwriter.Workbook(str(path), options)
        self._writing = _Writing(self._book, self._book.add_worksheet(_sheet_name(title)))
        self._next = self._writing.heading(columns, title=title, notes=notes)

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Append rows."""
        for row in rows:
            for at, cell in enumerate(row):
                self._writing.cell(self._next, at, cell)
            self._next += 1

    def close(self) -> None:
        """Finish the file; nothing can be added afterwards."""
        self._book.close()


class _Writing:
    """A sheet written from top to bottom, with its cell formats."""

    def __init__(self, workbook: xlsxwriter.Workbook, sheet: Worksheet) -> None:
        look = {"border": 1, "border_color": "#C8CDD3", "text_wrap": True, "valign": "vcenter"}
        self.sheet = sheet
        self.text = workbook.add_format(look | {"num_format": "@"})
        self.quoted = workbook.add_format(look | {"num_format": "@", "quote_prefix": True})
        self.number = workbook.add_format(look)
        self.day = workbook.add_format(look | {"num_format": "yyyy-mm-dd", "align": "center"})
        self.moment = workbook.add_format(look | {"num_format": "yyyy-mm-dd hh:mm", "align": "center"})
        self.header = workbook.add_format(
            look | {"bold": True, "align": "center", "bg_color": "#E8F0FA", "font_color": "#1D3B5E"}
        )
        self.title = workbook.add_format(
            {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"}
        )
        self.note = workbook.add_format({"text_wrap": True, "font_color": "#5F6B7A", "valign": "vcenter"})

    def heading(self, columns: Sequence[SheetColumn], *, title: str, notes: Sequence[str]) -> int:
        """Write everything above the first row; return that row's index."""
        for at, column in enumerate(columns):
            # Format whole columns as text: Excel would turn a typed 2026-01 into a date.
            self.sheet.set_column(at, at, column.width, self.text)
        self._across(0, title, look=self.title, columns=len(columns), height=30)
        for number, note in enumerate(notes, start=1):
            self._across(number, note, look=self.note, columns=len(columns), height=20)
        top = len(notes) + 1
        self.sheet.set_row(top, 24)
        for at, column in enumerate(columns):
            self.sheet.write_string(top, at, column.header, self.header)
        self.sheet.freeze_panes(top + 1, 0)
        self.sheet.repeat_rows(top)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        return top + 1

    def cell(self, row: int, column: int, value: Cell) -> None:
        if value is None:
            self.sheet.write_blank(row, column, None, self.text)
        elif isinstance(value, bool):
            self.sheet.write_boolean(row, column, value, self.number)
        elif isinstance(value, int | float):
            self.sheet.write_number(row, column, value, self.number)
        elif isinstance(value, datetime):
            local = value.astimezone(SHANGHAI) if value.tzinfo else value
            self.sheet.write_datetime(row, column, local.replace(tzinfo=None), self.moment)
        elif isinstance(value, date):
            self.sheet.write_datetime(row, column, value, self.day)
        else:
            self._write_text(row, column, str(value))

    def _write_text(self, row: int, column: int, text: str) -> None:
        if len(text) > LONGEST_TEXT:
            raise ValueError(f"a cell holds at most {LONGEST_TEXT} characters, not {len(text)}")
        look = self.quoted if text.startswith(FORMULA_STARTS) else self.text
        self.sheet.write_string(row, column, text, look)

    def _across(self, row: int, text: str, *, look: Format, columns: int, height: int) -> None:
        self.sheet.set_row(row, height)
        if columns > 1:
            self.sheet.merge_range(row, 0, row, columns - 1, "", look)
        self.sheet.write_string(row, 0, text, look)


def _offer_choices(
    workbook: xlsxwriter.Workbook, sheet: Worksheet, columns: Sequence[SheetColumn], *, first_row: int
) -> None:
    """Add drop-down lists and hints; the lists go to a hidden sheet, because a rule holds only 255 characters."""
    lists = [list(column.choices) for column in columns]
    height = max(map(len, lists), default=0)
    if height:
        hidden = workbook.add_worksheet(CHOICES_SHEET)
        hidden.hide()
        for row in range(height):
            for at, words in enumerate(lists):
                if row < len(words):
                    hidden.write_string(row, at, words[row])
    for at, column in enumerate(columns):
        rule = _rule(column, at=at)
        if rule:
            sheet.data_validation(first_row, at, first_row + ROWS_WITH_CHOICES - 1, at, rule)


def _rule(column: SheetColumn, *, at: int) -> dict[str, Any] | None:
    if not column.hint and not column.choices:
        return None
    rule: dict[str, Any] = {"validate": "any"}
    if column.hint:
        rule |= {"input_title": column.header[:32], "input_message": column.hint[:MESSAGE_LENGTH]}
    if column.choices:
        letter = chr(ord("A") + at)
        rule |= {
            "validate": "list",
            "source": f"={CHOICES_SHEET}!${letter}$1:${letter}${len(column.choices)}",
        }
        rule |= {"error_type": "warning" if column.other_allowed else "stop"}
        rule |= {"error_title": "不在列表里", "error_message": "请从下拉列表里选择，或核对名称。"}
    return rule


def _sheet_name(title: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", "", title)[:31] or "表格"
