"""Templates: the office's official wordings as data; every wording is kept, and sent texts never change."""

from server.templates.changing import NewWording, change_template, restore_template
from server.templates.filling import fill, fill_blanks, preview
from server.templates.reading import Past, Wording, history_of, worded, wording_of, wordings
from server.templates.standard import OF_LETTERS, STANDARD, Blank, Standard

__all__ = [
    "OF_LETTERS",
    "STANDARD",
    "Blank",
    "NewWording",
    "Past",
    "Standard",
    "Wording",
    "change_template",
    "fill",
    "fill_blanks",
    "history_of",
    "preview",
    "restore_template",
    "worded",
    "wording_of",
    "wordings",
]
