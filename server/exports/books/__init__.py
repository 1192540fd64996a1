"""Every list that can be exported as a sheet, by its kind."""

from server.exports.book import Book
from server.exports.books import cases, journal, ledger, letters, missions, people, problems, reports, team

BOOKS: dict[str, Book] = {
    one.BOOK.kind: one.BOOK
    for one in (ledger, letters, reports, cases, problems, missions, team, people, journal)
}

__all__ = ["BOOKS"]
