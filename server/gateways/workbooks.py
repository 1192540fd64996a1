"""Reads Excel sheets: the only code that uses python-calamine. Blocks and holds the GIL: see `foreign_sheets`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from server.gateways.repacking import UnreadableSheet, repack
from server.gateways.workbook_marks import Marked

MOST_SHEETS = 10  # only visible ones count
MOST_ROWS = 5_000
MOST_COLUMNS = 60


@dataclass(frozen=True)
class Broken:
    """A cell whose formula has no readable result: the sign of its error, or an empty text."""

    sign: str

    def __str__(self) -> str:
        return self.sign


Cell = str | int | float | bool | date | datetime | Broken | None


@dataclass(frozen=True)
class Row:
    """A row with content: its number as Excel shows it, and its cells from column A on, None where empty."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A visible sheet: its rows with content, which of them are hidden, or why it can't be read.

    Where `counts_from_1904`, a date given as a plain number is 1,462 days late.
    """

    name: str
    rows: tuple[Row, ...] = ()
    hidden: tuple[int, ...] = ()
    counts_from_1904: bool = False
    trouble: UnreadableSheet | None = None


def texts_on(sheets: Iterable[Sheet]) -> Iterator[str]:
    """Yield every text in the cells of some sheets, and the sheets' names."""
    for sheet in sheets:
        yield sheet.name
        for row in sheet.rows:
            yield from (cell for cell in row.cells if isinstance(cell, str))


def read_workbook(data: bytes) -> list[Sheet]:
    """Return the visible sheets of an .xlsx file in order, ten at most.

    Whole numbers are int, dates at midnight are date, formulas have the value they last showed, and a
    value merged over several rows appears in each of them. Accepts at most 10 MB, and 5,000 rows and 60 columns
    per sheet; raises UnreadableSheet for a file that is not a workbook.
    """
    fresh = repack(data)
    marked = Marked(fresh)
    try:
        with load_workbook(BytesIO(fresh)) as workbook:
            return [_sheet(workbook, name, marked) for name in _visible(workbook)[:MOST_SHEETS]]
    except CalamineError as error:
        raise UnreadableSheet("文件已经损坏，打不开。") from error


def read_sheet(data: bytes) -> list[Row]:
    """Return the rows of the first visible sheet, for our own files; raises UnreadableSheet."""
    first = read_workbook(data)[0]
    if first.trouble:
        raise first.trouble
    return list(first.rows)


def _visible(workbook: CalamineWorkbook) -> list[str]:
    names = [
        about.name
        for about in workbook.sheets_metadata
        if about.visible is SheetVisibleEnum.Visible and about.typ is SheetTypeEnum.WorkSheet
    ]
    if not names:
        raise UnreadableSheet("文件里没有可见的工作表。", hint="请取消隐藏要导入的工作表，保存后再上传。")
    return names


def _sheet(workbook: CalamineWorkbook, name: str, marked: Marked) -> Sheet:
    sheet = workbook.get_sheet_by_name(name)
    try:
        grid = _grid(sheet)
    except UnreadableSheet as trouble:
        return Sheet(name=name, trouble=trouble)
    marks = marked.marks_of(name)
    for (row, column), sign in marks.broken.items():
        if row <= len(grid) and column <= len(grid[row - 1]):
            grid[row - 1][column - 1] = Broken(sign)
    _fill_down(grid, sheet.merged_cell_ranges or [])
    rows = [Row(number, tuple(line)) for number, line in enumerate(grid, start=1) if _has_content(line)]
    hidden = tuple(row.number for row in rows if row.number in marks.hidden)
    return Sheet(name=name, rows=tuple(rows), hidden=hidden, counts_from_1904=marks.counts_from_1904)


def _grid(sheet: CalamineSheet) -> list[list[Cell]]:
    """Return all cells from A1 on; raises UnreadableSheet if there are too many."""
    if sheet.start is None:
        return []
    lines: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    if len(lines[0]) > MOST_COLUMNS:
        raise UnreadableSheet(
            f"表里有 {len(lines[0])} 列，一次最多读取 {MOST_COLUMNS} 列。",
            hint="请删去用不到的列，包括右侧很远处的零散内容，保存后再上传。",
        )
    # Counted first: a sheet may be endless.
    filled = sum(any(value != "" for value in line) for line in lines)
    if filled > MOST_ROWS:
        raise UnreadableSheet(
            f"表里有 {filled} 行内容，一次最多读取 {MOST_ROWS} 行。", hint="请拆成几个文件，分次上传。"
        )
    return [[_normalised(value) for value in line] for line in lines]


def _normalised(value: Any) -> Cell:
    if value == "" or value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date()
    if isinstance(value, time | timedelta):
        return str(value)
    cell: Cell = value
    return cell


def _fill_down(grid: list[list[Cell]], ranges: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Copy a value merged over rows into each row that has content of its own."""
    for (top, column), (bottom, _) in ranges:
        if top >= len(grid) or column >= len(grid[top]):
            continue
        for line in grid[top + 1 : bottom + 1]:
            if line[column] is None and _has_content(line):
                line[column] = grid[top][column]


def _has_content(line: list[Cell]) -> bool:
    return any(isinstance(cell, Broken) or (cell is not None and str(cell).strip()) for cell in line)
