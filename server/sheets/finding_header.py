"""Finds the header of a list below its title rows, and which column holds what. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.gateways.excel import Cell, Row
from server.sheets.columns import Column, key_of
from server.sheets.problems import Problem
from server.sheets.reading_cells import as_text

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


def find_header(rows: Sequence[Row], *, columns: Sequence[Column]) -> Header | None:
    """The header: the one of the first rows that names the most columns, three at least; None if there is none."""
    best = max(rows[:ROWS_SEARCHED], key=lambda row: len(_keys(row, columns)), default=None)
    if best is None or len(_keys(best, columns)) < FEWEST_HEADERS:
        return None
    return _understood(best, columns)


def _keys(row: Row, columns: Sequence[Column]) -> set[str]:
    return {found[0] for cell in row.cells if (found := key_of(as_text(cell), columns=columns))}


def _understood(row: Row, columns: Sequence[Column]) -> Header:
    places: dict[str, int] = {}
    distances: dict[str, int] = {}
    problems: list[Problem] = []
    unknown: list[str] = []
    headers = {column.key: column.header for column in columns}
    for at, cell in enumerate(row.cells):
        found = key_of(as_text(cell), columns=columns)
        if found is None:
            unknown += [as_text(cell)] if as_text(cell) else []
            continue
        key, distance = found
        if key in places and distance == distances[key]:
            problems.append(_twice(row, headers[key]))
        elif key not in places or distance < distances[key]:
            places[key], distances[key] = at, distance
    needed = [column for column in columns if column.is_needed and column.key not in places]
    problems += [_missing(row, column.header) for column in needed]
    return Header(row=row, places=places, problems=problems, unknown=unknown)


def _twice(row: Row, header: str) -> Problem:
    what = f"有两列的表头都是“{header}”。"
    return Problem(row=row.number, column=header, what=what, advice="请删去或改名其中一列。")


def _missing(row: Row, header: str) -> Problem:
    what, advice = f"缺少“{header}”这一列。", f"请加上表头为“{header}”的一列并填写。"
    return Problem(row=row.number, column=header, what=what, advice=advice)
