"""The problems and skipped rows of a sheet, in words for the person who filled it in."""

from msgspec import Struct


class Problem(Struct, frozen=True, kw_only=True):
    """Something wrong or missing in a sheet: where (`row` as Excel counts), what happened, what to do."""

    row: int
    column: str  # its header; empty if the whole row is meant
    what: str
    advice: str


class Skipped(Struct, frozen=True, kw_only=True):
    """A row that was taken for a heading, a sum or a note, and so skipped."""

    row: int
    text: str
    why: str
