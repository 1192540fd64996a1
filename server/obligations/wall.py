"""The wall calendar of a year: a row for each organisation and duty, a cell for each period. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from models import Organisation
from server.obligations.reading import Standing


@dataclass(frozen=True)
class Cell:
    """One period on the wall: the months that it spans, and its obligation, if it was opened."""

    first: int
    last: int
    one: Standing | None = None

    @property
    def months(self) -> int:
        return self.last - self.first + 1


@dataclass
class Row:
    """What one organisation owes by one rule through the year."""

    organisation: Organisation
    name: str
    cells: list[Cell] = field(default_factory=list)


def wall_of(found: Iterable[Standing]) -> list[Row]:
    """Return the rows of a year by organisation and duty; months without an obligation are empty cells."""
    rows: dict[tuple[UUID, str], Row] = {}
    for one in sorted(found, key=lambda it: (it.owed.organisation.path, it.owed.name, it.owed.due_on)):
        owed = one.owed
        row = rows.setdefault((owed.organisation_id, owed.rule_code), Row(owed.organisation, owed.name))
        first = owed.starts_on.month if owed.starts_on.year == owed.due_on.year else 1
        _fill_up(row, until=first)
        if not row.cells or row.cells[-1].last < first:
            row.cells.append(Cell(first, owed.due_on.month, one))
    for row in rows.values():
        _fill_up(row, until=13)
    return list(rows.values())


def _fill_up(row: Row, *, until: int) -> None:
    """Add an empty cell for each month before `until` that no cell covers yet."""
    following = row.cells[-1].last + 1 if row.cells else 1
    row.cells += [Cell(month, month) for month in range(following, until)]
