"""Requesting a file: a row and a journal entry, which starts the worker's job."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from models import Export, Letter
from models.vocabulary import ExportState
from server import journal, letters
from server.exports.book import found
from server.exports.books import BOOKS
from server.exports.item_sheets import TITLE, SheetsWanted, chosen_items
from server.kernel.refusal import Refusal
from server.kernel.unit_of_work import unit_of_work
from server.letters.commands import Draft
from server.people import Actor

LEDGER, SHEETS, LETTER = "ledger", "sheets", "letter"
MOST_AT_ONCE = 3
MOST_ROWS = 500_000  # a sheet can hold a million, but nobody can work with that
UNFINISHED = (ExportState.WAITING, ExportState.RUNNING)


class TooManyExports(Refusal):
    """The person already has three files waiting."""

    status = 409
    message_zh = "您已有3份导出正在生成。"
    hint_zh = "请等其中一份生成好以后再导出。"
    retry = "later"


class TooManyRows(Refusal):
    """The filter finds more rows than a sheet may hold."""

    status = 422
    message_zh = "要导出的内容超过50万条，一个表格放不下。"
    hint_zh = "请先缩小查找条件，分几次导出。"


@unit_of_work
async def ask_export(wanted: Struct, *, by: Actor, now: datetime, kind: str = LEDGER) -> Export:
    """Request what a filter finds in a book as a sheet; the worker makes it and the row shows the progress.

    `wanted` has the type the book expects. Raises NotAllowed, TooManyExports, TooManyRows.
    """
    book = BOOKS[kind]
    rows = await found(book, by, wanted, now=now)
    total = await rows.count()
    if total > MOST_ROWS:
        raise TooManyRows
    return await create(book.kind, msgspec.to_builtins(wanted), title=book.title, total=total, by=by, now=now)


@unit_of_work
async def ask_sheets(item_ids: Sequence[UUID], *, by: Actor, now: datetime) -> Export:
    """Request the printed sheets of items; raises NoItems, NoSuchThing, NotAllowed, TooManyExports."""
    items = await chosen_items(by, item_ids)
    wanted = msgspec.to_builtins(SheetsWanted([item.id for item in items]))
    return await create(SHEETS, wanted, title=TITLE, total=len(items), by=by, now=now)


@unit_of_work
async def ask_new_letter(
    item_id: UUID, *, kind: str, by: Actor, now: datetime, kinds: letters.Kinds
) -> Export:
    """Issue a letter of the shorter form about an item and request it on paper; both happen or neither.

    Raises what letters.issue raises, and TooManyExports.
    """
    letter = await letters.issue(item_id, Draft(kind=kind), by=by, now=now, kinds=kinds)
    return await _print(letter, by=by, now=now)


async def _print(letter: Letter, *, by: Actor, now: datetime) -> Export:
    number = letter.number_text or letter.title
    wanted = {"letter_id": str(letter.id), "item_id": str(letter.item_id), "number": number}
    return await create(LETTER, wanted, title=number, total=1, by=by, now=now)


async def create(
    kind: str, wanted: dict[str, Any], *, title: str, total: int, by: Actor, now: datetime
) -> Export:
    """Store the request; must be called inside a unit of work. Raises TooManyExports."""
    if await Export.filter(person=by.person, state__in=UNFINISHED).count() >= MOST_AT_ONCE:
        raise TooManyExports
    export = await Export.create(person=by.person, kind=kind, wanted=wanted, total=total, asked_at=now)
    await journal.record("export.asked", export, by=by.person, book=title, total=total, wanted=wanted)
    return export
