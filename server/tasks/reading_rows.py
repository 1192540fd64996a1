"""Reading rows of a sheet as lines of a task list, with every problem in plain words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from server.gateways.workbooks import Row, Sheet
from server.sheets.finding_header import Header
from server.sheets.finding_list import find_list, names_of
from server.sheets.problems import Problem, Skipped
from server.sheets.reading_cells import as_text
from server.sheets.telling_rows import texts_of, why_no_row
from server.tasks.columns import COLUMNS
from server.tasks.reading_line import read_line
from server.tasks.refusals import TaskSheetEmpty, TaskSheetWithoutHeader
from server.tasks.task_rows import TaskRow, problem


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A sheet as read: its lines, its problems, the skipped rows, and the gaps."""

    lines: list[TaskRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    gaps: list[Problem] = field(default_factory=list)  # may stay, but are always reported
    skipped: list[Skipped] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_sheets(sheets: Sequence[Sheet], *, year: int) -> Reading:
    """Return the task lines in a file's sheets; raises TaskSheetWithoutHeader, or TaskSheetEmpty without any task.

    Raises UnreadableSheet if the only sheet that could hold them can't be read.
    """
    found = find_list(sheets, columns=COLUMNS)
    if found is None:
        raise TaskSheetWithoutHeader(f"在工作表{names_of(sheets)}里没有找到表头，看不出哪一列是什么。")
    header = found.header
    reading = Reading(
        problems=list(header.problems),
        gaps=_absent(header),
        unknown_columns=header.unknown,
        notes=found.notes,
    )
    for row in found.rows:
        _read_row(row, header=header, year=year, into=reading)
    if not reading.lines:
        raise TaskSheetEmpty
    reading.problems.extend(_repeated_codes(reading.lines))
    return reading


def _read_row(row: Row, *, header: Header, year: int, into: Reading) -> None:
    why = why_no_row(row, header=header, needed="lead_unit")
    if why:
        into.skipped.append(Skipped(row=row.number, text=_first_text(row), why=why))
    elif sum(bool(as_text(header.cell(row, column.key))) for column in COLUMNS) <= 1:
        into.problems.append(_nearly_empty(row))
    else:
        line, problems, gaps = read_line(row, header=header, year=year)
        broken = header.broken(row, columns=COLUMNS)
        into.lines.append(line)
        into.problems.extend(broken or problems)  # what is missing because of them is reported once
        into.gaps.extend(gaps)


def _nearly_empty(row: Row) -> Problem:
    return problem(
        row.number,
        "",
        f"这一行几乎是空的，看不出是不是任务：“{_first_text(row)[:30]}”。",
        advice="如果是任务，请补全；如果是说明，请在开头写“备注”或删去。",
    )


def _absent(header: Header) -> list[Problem]:
    """Return the optional columns that the sheet doesn't have, reported once instead of in every row."""
    return [
        problem(header.row.number, column.key, "表里没有这一列。", advice=f"需要时请加上。{column.hint}")
        for column in COLUMNS
        if not column.is_needed and column.key not in header.places
    ]


def _repeated_codes(lines: Sequence[TaskRow]) -> list[Problem]:
    first: dict[str, int] = {}
    problems = []
    for line in lines:
        if line.code in first:
            what = f"“{line.code}”已在第 {first[line.code]} 行用过。"
            problems.append(problem(line.row, "code", what, advice="每项任务一个编号，请改掉重复的一个。"))
        elif line.code:
            first[line.code] = line.row
    return problems


def _first_text(row: Row) -> str:
    return texts_of(row)[0]
