"""Finds the header of a task list below its title rows, and which column holds what. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.gateways.excel import Cell, Row
from server.tasks.columns import BY_KEY, COLUMNS, key_of
from server.tasks.lines import Problem, problem
from server.tasks.reading_cells import as_text
from server.tasks.refusals import TaskSheetWithoutHeader

ROWS_SEARCHED = 20
FEWEST_HEADERS = 3


@dataclass(frozen=True, kw_only=True)
class Header:
    """Where the columns stand (from 0), what is wrong with them, and headers that mean nothing to us."""

    row: Row
    places: dict[str, int]
    problems: list[Problem]
    unknown: list[str]

    def cell(self, row: Row, key: str) -> Cell:
        """The cell of a row in the column with this key; None if there is no such column."""
        place = self.places.get(key)
        return row.cells[place] if place is not None and place < len(row.cells) else None


def find_header(rows: Sequence[Row]) -> Header:
    """The header: the one of the first rows that names the most columns; raises TaskSheetWithoutHeader."""
    best = max(rows[:ROWS_SEARCHED], key=lambda row: len(_keys(row)), default=None)
    if best is None or len(_keys(best)) < FEWEST_HEADERS:
        raise TaskSheetWithoutHeader
    return _understood(best)


def _keys(row: Row) -> set[str]:
    return {found[0] for cell in row.cells if (found := key_of(as_text(cell)))}


def _understood(row: Row) -> Header:
    places: dict[str, int] = {}
    distances: dict[str, int] = {}
    problems: list[Problem] = []
    unknown: list[str] = []
    for at, cell in enumerate(row.cells):
        found = key_of(as_text(cell))
        if found is None:
            unknown += [as_text(cell)] if as_text(cell) else []
            continue
        key, distance = found
        if key in places and distance == distances[key]:
            problems.append(_twice(row, key))
        elif key not in places or distance < distances[key]:
            places[key], distances[key] = at, distance
    problems += [
        _missing(row, column.key) for column in COLUMNS if column.is_needed and column.key not in places
    ]
    return Header(row=row, places=places, problems=problems, unknown=unknown)


def _twice(row: Row, key: str) -> Problem:
    what = f"有两列的表头都是“{BY_KEY[key].header}”。"
    return problem(row.number, key, what, advice="请删去或改名其中一列。")


def _missing(row: Row, key: str) -> Problem:
    header = BY_KEY[key].header
    return problem(row.number, key, f"缺少“{header}”这一列。", advice=f"请加上表头为“{header}”的一列并填写。")
