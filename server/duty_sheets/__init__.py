"""Duty sheets (M01): what a leading official led in a year, each figure with the list behind it."""

from server.duty_sheets.figures import DutySheet, Figure, Part, officials_seen_by, sheet_of
from server.duty_sheets.setting import SheetFailed, set_pdf, set_word
from server.kernel.refusal import NoSuchThing

__all__ = [
    "DutySheet",
    "Figure",
    "NoSuchThing",
    "Part",
    "SheetFailed",
    "officials_seen_by",
    "set_pdf",
    "set_word",
    "sheet_of",
]
