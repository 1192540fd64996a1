"""The plain values passed between reading, checking, comparing and storing a task list; no database."""

from datetime import date
from uuid import UUID

from msgspec import Struct

from server.sheets.problems import Problem
from server.tasks.columns import BY_KEY


class TaskRow(Struct, frozen=True, kw_only=True):
    """A row as understood, with names not yet matched; None or empty if not understood."""

    row: int
    texts: dict[str, str]  # the original text of the cells, by column key
    code: str | None
    measure: int | None
    name: str
    content: str
    is_major: bool
    lead_units: str
    supporting_units: str
    leading_officials: str
    commissioners: str
    due_on: date | None


class Task(Struct, frozen=True, kw_only=True):
    """A complete, matched task of the list, as stored until a sheet is confirmed."""

    row: int
    code: str
    measure: int
    name: str
    content: str
    is_major: bool
    lead_unit_id: UUID
    supporting_unit_ids: tuple[UUID, ...]
    leading_official_id: UUID
    commissioner_ids: tuple[UUID, ...]
    due_on: date


def problem(row: int, key: str, what: str, *, advice: str) -> Problem:
    """Return a problem in the column with this key; no key means the whole row."""
    return Problem(row=row, column=BY_KEY[key].header if key else "", what=what, advice=advice)
