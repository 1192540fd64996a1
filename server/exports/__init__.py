"""Exports: lists as downloadable sheets, made by the worker, readable only by the requester, deleted after a day."""

from server.exports.asking import (
    LETTER,
    SHEETS,
    TooManyExports,
    TooManyRows,
    ask_export,
    ask_new_letter,
    ask_sheets,
)
from server.exports.book import Book
from server.exports.books import BOOKS
from server.exports.fetching import ExportNotReady, exports_of, fetch
from server.exports.making import forget_exports, make

__all__ = [
    "BOOKS",
    "LETTER",
    "SHEETS",
    "Book",
    "ExportNotReady",
    "TooManyExports",
    "TooManyRows",
    "ask_export",
    "ask_new_letter",
    "ask_sheets",
    "exports_of",
    "fetch",
    "forget_exports",
    "make",
]
