"""Reading one row as a task, noting what is missing or unclear. Pure."""

import re
from datetime import date
from typing import TypeVar

from server.gateways.workbooks import Row
from server.sheets import reading_cells, reading_days
from server.sheets.finding_header import Header
from server.sheets.problems import Problem
from server.sheets.reading_cells import as_text
from server.tasks.columns import BY_KEY, COLUMNS
from server.tasks.task_rows import TaskRow, problem

T = TypeVar("T")

LONGEST_NAME = 120
LONGEST_CONTENT = 4_000
YEARS_AHEAD = 5


def read_line(row: Row, *, header: Header, year: int) -> tuple[TaskRow, list[Problem], list[Problem]]:
    """Return a row as a line of the list, its problems, and its gaps, which may stay."""
    reader = _Reader(row=row, header=header)
    line = TaskRow(
        row=row.number,
        texts=reader.texts,
        code=reader.code(year=year),
        measure=reader.measure(),
        name=reader.name(),
        content=reader.content(),
        is_major=reader.is_major(),
        lead_units=reader.names("lead_unit"),
        supporting_units=reader.names("supporting_units"),
        leading_officials=reader.names("leading_official"),
        commissioners=reader.names("commissioners"),
        due_on=reader.due_on(year=year),
    )
    reader.texts.update(_understood(line))
    return line, reader.problems, reader.gaps


class _Reader:
    """Reads the cells of one row, column by column."""

    def __init__(self, *, row: Row, header: Header) -> None:
        self.row = row
        self.header = header
        self.cells = {column.key: header.cell(row, column.key) for column in COLUMNS}
        self.texts = {key: as_text(cell) for key, cell in self.cells.items()}
        self.problems: list[Problem] = []
        self.gaps: list[Problem] = []

    def code(self, *, year: int) -> str | None:
        code = reading_cells.code(self.cells["code"], year=year)
        other = re.fullmatch(r"(\d{4})-\d+", code or "")
        if other and int(other[1]) != year:
            self._problem("code", f"“{code}”不是 {year} 年的编号。", advice=f"请改成以 {year}- 开头的编号。")
        return self._needed("code", code, example=f"编号，如 {year}-01")

    def measure(self) -> int | None:
        return self._needed("measure", reading_cells.measure(self.cells["measure"]), example="1 到 20 的序号")

    def name(self) -> str:
        text = re.sub(r"\s+", " ", self.texts["name"])
        if not text:
            self._missing("name")
        if len(text) > LONGEST_NAME:
            advice = f"请缩短到 {LONGEST_NAME} 个字以内，细节写到“任务内容”。"
            self._problem("name", f"有 {len(text)} 个字，太长。", advice=advice)
        return text

    def content(self) -> str:
        text = self.texts["content"].replace("\r\n", "\n").replace("\r", "\n")
        if not text:
            self._gap("content", "没有填写。", advice="建议写明要做什么、做到什么程度。")
        if len(text) > LONGEST_CONTENT:
            advice = f"请缩短到 {LONGEST_CONTENT} 个字以内。"
            self._problem("content", f"有 {len(text)} 个字，太长。", advice=advice)
        return text

    def is_major(self) -> bool:
        value = reading_cells.yes_or_no(self.cells["is_major"])
        text = self.texts["is_major"]
        if value is None and text:
            self._problem("is_major", f"看不懂“{text[:30]}”。", advice="请填“是”或“否”。")
        elif value is None:
            self._gap("is_major", "没有填写，按“是”处理。", advice="不是重大任务的，请填“否”。")
        return value is not False

    def names(self, key: str) -> str:
        text = self.texts[key]
        if not text and BY_KEY[key].is_needed:
            self._missing(key)
        elif not text:
            self._gap(key, "没有填写。", advice="没有配合单位的可以不填；有的请补上。")
        return text

    def due_on(self, *, year: int) -> date | None:
        day = reading_days.deadline(self.cells["due_on"], year=year)
        if day and not date(year, 1, 1) <= day <= date(year + YEARS_AHEAD, 12, 31):
            what = f"{day} 不在清单年度或其后 {YEARS_AHEAD} 年之内。"
            self._problem("due_on", what, advice="请核对年份，改成正确的日期。")
        example = f"日期，如 {year}-12-31，或写“6月底”“年底”；长期工作请填下次检查的日期"
        return self._needed("due_on", day, example=example)

    def _needed(self, key: str, value: T | None, *, example: str) -> T | None:
        if value is None and self.texts[key]:
            self._problem(key, f"看不懂“{self.texts[key][:30]}”。", advice=f"请填{example}。")
        elif value is None:
            self._missing(key)
        return value

    def _missing(self, key: str) -> None:
        if key in self.header.places:  # a column that is missing altogether is reported once
            self._problem(key, "没有填写。", advice=f"请补上{BY_KEY[key].header}：{BY_KEY[key].hint}")

    def _problem(self, key: str, what: str, *, advice: str) -> None:
        self.problems.append(problem(self.row.number, key, what, advice=advice))

    def _gap(self, key: str, what: str, *, advice: str) -> None:
        if key in self.header.places:
            self.gaps.append(problem(self.row.number, key, what, advice=advice))


def _understood(line: TaskRow) -> dict[str, str]:
    """Replace the typed text of a cell by its meaning, so that the preview shows it: 年底 becomes a date."""
    shown: dict[str, str] = {"is_major": "是" if line.is_major else "否"}
    if line.code:
        shown["code"] = line.code
    if line.measure:
        shown["measure"] = str(line.measure)
    if line.due_on:
        shown["due_on"] = line.due_on.isoformat()
    return shown
