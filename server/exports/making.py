"""Making a file: batch after batch from the database into a sheet on disk, and from there into storage."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import structlog
from tortoise.queryset import QuerySet

from models import Export
from models.vocabulary import ExportState
from server import letters, people
from server.exports.asking import LETTER, SHEETS, UNFINISHED
from server.exports.book import Book, batches, cells_of, found, sheet_columns, told
from server.exports.books import BOOKS
from server.exports.item_sheets import SheetsWanted, sheets_of
from server.gateways.excel import LongSheet
from server.gateways.storage import Storage
from server.gateways.typesetting import TypesettingFailed
from server.kernel.clock import SHANGHAI, business_date
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor
from server.tools import Tools

log = structlog.get_logger(__name__)
PIECE_BYTES = 1024 * 1024
MOST_BYTES = 1024**3
KEPT_FOR = timedelta(hours=24)


async def make(export_id: UUID, *, tools: Tools) -> None:
    """Make an export's file with what its requester may see today; safe to repeat, restarts after a crash."""
    export = await Export.get_or_none(id=export_id).select_related("person")
    if export is None or export.state not in UNFINISHED:
        return
    now = tools.clock.now()
    actor = await people.actor_as(export.person, on=business_date(now))
    if export.kind in PRINTED:
        return await _make_printed(export, actor=actor, tools=tools)
    book = BOOKS[export.kind]
    rows = await found(book, actor, msgspec.convert(export.wanted, book.shape), now=now)
    total = await rows.count()
    await Export.filter(id=export.id).update(state=ExportState.RUNNING, done=0, total=total)
    with tempfile.TemporaryDirectory(prefix="export-") as folder:
        path = Path(folder) / "sheet.xlsx"
        done = await _write(book, rows, path=path, export=export, now=now, to=actor)
        await _keep(path, export=export, done=done, tools=tools)


async def _sheets(export: Export, actor: Actor, tools: Tools) -> bytes:
    wanted = msgspec.convert(export.wanted, SheetsWanted)
    return await sheets_of(actor, wanted.item_ids, tools=tools)


async def _letter(export: Export, actor: Actor, tools: Tools) -> bytes:
    letter = await letters.letter_seen_by(actor, UUID(export.wanted["letter_id"]))
    return await letters.set_letter(letter, tools=tools)


PRINTED: dict[str, Callable[[Export, Actor, Tools], Awaitable[bytes]]] = {SHEETS: _sheets, LETTER: _letter}


async def _make_printed(export: Export, *, actor: Actor, tools: Tools) -> None:
    await Export.filter(id=export.id).update(state=ExportState.RUNNING)
    with tempfile.TemporaryDirectory(prefix="export-") as folder:
        path = Path(folder) / "printed.pdf"
        try:
            printed = await PRINTED[export.kind](export, actor, tools)
        except TypesettingFailed as error:  # the same document would fail again
            log.error("typesetting_failed", export=str(export.id), said=str(error))
            await Export.filter(id=export.id).update(state=ExportState.FAILED)
            return
        await asyncio.to_thread(path.write_bytes, printed)
        await _keep(path, export=export, done=export.total, tools=tools)


async def _keep(path: Path, *, export: Export, done: int, tools: Tools) -> None:
    kept = await tools.storage.keep(
        _pieces(path),
        folder=f"exports/{export.id}",
        expected_sha256=await asyncio.to_thread(_digest, path),
        max_bytes=MOST_BYTES,
        seal=tools.keys,
    )
    await _finish(export.id, key=kept.key, size=kept.bytes, done=done, now=tools.clock.now())


async def _write(
    book: Book, rows: QuerySet[Any], *, path: Path, export: Export, now: datetime, to: Actor
) -> int:
    """Write every row into the sheet, as the requester may know it, and return how many."""
    notes = (f"截至{now.astimezone(SHANGHAI):%Y年%m月%d日%H:%M}。{book.note}文件24小时后删除。",)
    sheet = await asyncio.to_thread(LongSheet, path, sheet_columns(book), title=book.title, notes=notes)
    done = 0
    async for batch in batches(book, rows):
        await asyncio.to_thread(sheet.add, [cells_of(book, told(book, row, to=to)) for row in batch])
        done += len(batch)
        await Export.filter(id=export.id).update(done=done)
    await asyncio.to_thread(sheet.close)
    return done


@unit_of_work
async def _finish(export_id: UUID, *, key: str, size: int, done: int, now: datetime) -> None:
    await Export.filter(id=export_id).update(
        state=ExportState.READY,
        key=key,
        bytes=size,
        done=done,
        total=done,
        made_at=now,
        expires_at=now + KEPT_FOR,
    )


async def forget_exports(*, storage: Storage, now: datetime) -> int:
    """Delete the bytes of expired files and return how many; their rows stay and say so.

    Files that were not made within a day are given up.
    """
    over = await Export.filter(state=ExportState.READY, expires_at__lte=now)
    for export in over:
        if export.key:  # bytes first: a crash in between leaves a row that is tried again
            await storage.remove(export.key)
        await Export.filter(id=export.id).update(state=ExportState.EXPIRED, key=None)
    stuck = Export.filter(state__in=UNFINISHED, asked_at__lte=now - KEPT_FOR)
    await stuck.update(state=ExportState.FAILED)
    return len(over)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
            yield piece
