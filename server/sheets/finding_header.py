"""Finding the header of a list below its title rows, and which column holds what. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.gateways.workbooks import Broken, Cell, Row
from server.sheets.columns import Column, key_of
from server.sheets.problems import Problem
from server.sheets.reading_cells import as_text

DAYS_TO_1904 = 1_462
ROWS_SEARCHED = 20
FEWEST_HEADERS = 3


@dataclass(frozen=True, kw_only=True)
class Header:
    """The positions of the columns (from 0), their problems, and the unknown headers."""

    row: Row
    places: dict[str, int]
    problems: list[Problem]
    unknown: list[str]
    late_days: frozenset[str] = frozenset()  # the columns whose numbers are days counted from 1904

    def cell(self, row: Row, key: str) -> Cell:
        """Return the cell of a row in the column with this key; None if there is no such column, or nothing to read."""
        cell = self._written(row, key)
        if isinstance(cell, Broken):
            return None
        if key in self.late_days and isinstance(cell, int | float) and not isinstance(cell, bool):
            return cell + DAYS_TO_1904
        return cell

    def broken(self, row: Row, *, columns: Sequence[Column]) -> list[Problem]:
        """Return the cells of a row whose formula has no result, so that nobody knows their value."""
        found = [(column.header, self._written(row, column.key)) for column in columns]
        return [_broken(row, header, sign=cell.sign) for header, cell in found if isinstance(cell, Broken)]

    def _written(self, row: Row, key: str) -> Cell:
        place = self.places.get(key)
        return row.cells[place] if place is not None and place < len(row.cells) else None


def find_header(rows: Sequence[Row], *, columns: Sequence[Column]) -> Header | None:
    """Return the row, among the first ones, that names the most columns, at least three; None if there is none."""
    best = max(rows[:ROWS_SEARCHED], key=lambda row: len(_keys(row, columns)), default=None)
    if best is None or len(_keys(best, columns)) < FEWEST_HEADERS:
        return None
    return _understood(best, columns)


def _keys(row: Row, columns: Sequence[Column]) -> set[str]:
    return {found[0] for cell in row.cells if (found := key_of(as_text(cell), columns=columns))}


def _understood(row: Row, columns: Sequence[Column]) -> Header:
    """Return the positions of the columns.

    If several headers mean one column, the one with our own name is read and the others are reported as unknown;
    if none has our name, the office is asked which one it means. Nothing is dropped silently.
    """
    texts = [as_text(cell) for cell in row.cells]
    means = [key_of(text, columns=columns) for text in texts]
    unknown = {at for at, text in enumerate(texts) if text and means[at] is None}
    places: dict[str, int] = {}
    problems: list[Problem] = []
    for column in columns:
        meant = [at for at, found in enumerate(means) if found and found[0] == column.key]
        by_name = [at for at in meant if means[at] == (column.key, 0)]
        if len(by_name or meant) > 1:
            problems.append(_several(row, column.header, [texts[at] for at in by_name or meant]))
        if meant:
            places[column.key] = (by_name or meant)[0]
            unknown |= set(meant) - set(by_name or meant)
        elif column.is_needed:
            problems.append(_missing(row, column.header))
    return Header(row=row, places=places, problems=problems, unknown=[texts[at] for at in sorted(unknown)])


def _several(row: Row, header: str, written: Sequence[str]) -> Problem:
    if len(set(written)) == 1:
        what = f"有{'两' if len(written) == 2 else len(written)}列的表头都是“{written[0]}”。"
        return Problem(row=row.number, column=header, what=what, advice="请删去或改名其中一列。")
    named = "、".join(f"“{one}”" for one in written)
    advice = f"请把要用的那一列的表头改成“{header}”，其余的改名或删去。"
    return Problem(
        row=row.number, column=header, what=f"{named}都像是“{header}”，不知道用哪一列。", advice=advice
    )


def _broken(row: Row, header: str, *, sign: str) -> Problem:
    what = f"公式的结果是“{sign}”，读不出内容。" if sign else "是公式，文件里没有它的结果。"
    advice = "请把这一格改成要填的内容（复制后“粘贴为值”），或者清空。"
    return Problem(row=row.number, column=header, what=what, advice=advice)


def _missing(row: Row, header: str) -> Problem:
    what, advice = f"缺少“{header}”这一列。", f"请加上表头为“{header}”的一列并填写。"
    return Problem(row=row.number, column=header, what=what, advice=advice)
