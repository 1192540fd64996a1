"""Reading the cells of a ledger line, and deciding when two cells say the same. Pure."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from models.vocabulary import ObservationKind
from server.gateways.workbooks import Cell
from server.ledger_sheets.columns import HEADERS, TASK, UNIT
from server.ledger_sheets.sheet_rows import SheetRow
from server.sheets import reading_cells, reading_days
from server.sheets.problems import Problem
from server.sheets.reading_cells import DASHES, as_text, plain
from server.sheets.reading_days import HALF_A_SECOND
from server.tasks.directory import Directory, NotFound

LONGEST = {"title": 60, "summary": 2000, "place_name": 120, "remark": 1000, "old_number": 60}
SHORTEST_TITLE = 2


@dataclass(frozen=True, kw_only=True)
class Names:
    """The names a sheet may use: units that can be given work, and the current tasks by code."""

    directory: Directory
    workers: frozenset[UUID]
    tasks: Mapping[str, UUID]
    today: date


@dataclass
class Reader:
    """Reads the cells of one line and collects their problems."""

    line: SheetRow
    names: Names
    problems: list[Problem] = field(default_factory=list)

    def text(self, key: str) -> str:
        """Return a cell's text with one kind of line ending; a text that is too long is a problem."""
        text = written(self.line.cells.get(key))
        if key == "title":
            text = " ".join(text.split())
        if len(text) > LONGEST[key]:
            self.wrong(key, f"有{len(text)}个字，太长。", advice=f"请缩短到{LONGEST[key]}个字以内。")
        return text

    def title(self) -> str:
        text = self.text("title")
        if len(text) < SHORTEST_TITLE:
            self.wrong("title", "没有填写或者太短。", advice="请写2到60个字的标题。")
        return text

    def kind(self, *, usual: ObservationKind) -> ObservationKind:
        text = plain(as_text(self.line.cells.get("kind")))
        for kind in ObservationKind:
            if text == plain(kind.label):
                return kind
        if text:
            labels = "、".join(kind.label for kind in ObservationKind)
            self.wrong("kind", f"看不懂“{text[:30]}”。", advice=f"请填{labels}之一。")
        return usual

    def task_id(self) -> UUID | None:
        cell = self.line.cells.get(TASK)
        if not as_text(cell):
            return None
        code = reading_cells.code(cell, year=self.names.today.year)
        found = self.names.tasks.get(code or "")
        if found is None:
            self.wrong(TASK, f"任务清单里没有“{as_text(cell)[:30]}”。", advice="请核对任务编号，或者留空。")
        return found

    def unit_id(self) -> UUID | None:
        text = as_text(self.line.cells.get(UNIT))
        if not text:
            return None
        try:
            unit_id = self.names.directory.unit(text)
        except NotFound as error:
            self.wrong(UNIT, error.what, advice=error.advice)
            return None
        if unit_id not in self.names.workers:
            self.wrong(UNIT, f"“{text}”不是可以承办的单位。", advice="请改填承办单位，或者留空。")
        return unit_id

    def day(self, key: str, *, year: int, example: str) -> date | None:
        cell = self.line.cells.get(key)
        day = reading_days.deadline(cell, year=year)
        if day is None and as_text(cell):
            self.wrong(key, f"看不懂“{as_text(cell)[:30]}”。", advice=f"请填日期，如 {example}。")
        return day

    def wrong(self, key: str, what: str, *, advice: str) -> None:
        column = HEADERS.get(key, "")
        self.problems.append(Problem(row=self.line.row, column=column, what=what, advice=advice))


def number_in(line: SheetRow) -> str:
    """Return the number in a line, half-width and without spaces, or an empty string."""
    text = unicodedata.normalize("NFKC", as_text(line.cells.get("number_text")))
    return "".join(text.split()).translate(DASHES)


def number_of(cell: Cell) -> int | None:
    """Return a whole number, also if typed as text or full-width, or None."""
    text = plain(as_text(cell))
    return int(text) if text.isascii() and text.isdigit() else None


def says_the_same(cell: Cell, kept: Cell) -> bool:
    """Return whether a cell says what was exported, whatever a program made of it in between."""
    if isinstance(kept, datetime):
        return _minute(cell, year=kept.year) == _minute(kept, year=kept.year)
    if isinstance(kept, date):
        return reading_days.deadline(cell, year=kept.year) == kept
    if _is_number(cell) or _is_number(kept):
        return _number(cell) == _number(kept)
    return written(cell) == written(kept)


def written(cell: Cell) -> str:
    """Return a cell as text with one kind of line ending."""
    return as_text(cell).replace("\r\n", "\n").replace("\r", "\n")


def _minute(cell: Cell, *, year: int) -> datetime | None:
    """Return the minute a cell means, the precision a sheet shows; a plain day means its midnight."""
    if at := reading_days.moment(cell):
        return (at + HALF_A_SECOND).replace(second=0, microsecond=0)
    day = reading_days.deadline(cell, year=year)
    return datetime.combine(day, time.min) if day else None


def _is_number(cell: Cell) -> bool:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _number(cell: Cell) -> float | str:
    """Return a number as a number, also if a program made it text; any other cell as text."""
    try:
        return round(float(plain(as_text(cell))), 9)
    except ValueError:
        return written(cell)
