"""Making a file: batch after batch from the database into a sheet on the disk, and from there into the storage."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from models import Export, LedgerItem
from models.vocabulary import ExportState
from server import ledger, people
from server.clock import SHANGHAI, business_date
from server.exports.asking import UNFINISHED
from server.exports.columns import FIELDS, cells_of, sheet_columns
from server.gateways.excel import LongSheet
from server.ledger import LedgerView
from server.people import Visitor
from server.tools import Tools
from server.work import deed

BATCH = 1_000
PIECE_BYTES = 1024 * 1024
MOST_BYTES = 1024**3
KEPT_FOR = timedelta(hours=24)


async def make(export_id: UUID, *, tools: Tools) -> None:
    """Make the file of an export with what its person may see today; safe to repeat, begins anew after a crash."""
    export = await Export.get_or_none(id=export_id).select_related("person")
    if export is None or export.state not in UNFINISHED:
        return
    now = tools.clock.now()
    visitor = await people.visitor_as(export.person, on=business_date(now))
    items = await _items(visitor, msgspec.convert(export.wanted, LedgerView), today=business_date(now))
    total = await items.count()
    await Export.filter(id=export.id).update(state=ExportState.RUNNING, done=0, total=total)
    with tempfile.TemporaryDirectory(prefix="export-") as folder:
        path = Path(folder) / "ledger.xlsx"
        done = await _write(items, path=path, export=export, now=now)
        digest = await asyncio.to_thread(_digest, path)
        kept = await tools.storage.keep(
            _pieces(path),
            folder=f"exports/{export.id}",
            expected_sha256=digest,
            max_bytes=MOST_BYTES,
            seal=tools.keys,
        )
    await _finish(export.id, key=kept.key, size=kept.bytes, done=done, now=tools.clock.now())


async def _items(visitor: Visitor, wanted: LedgerView, *, today: date) -> QuerySet[LedgerItem]:
    """The wanted items by their ids, so that a batch is cut by the index and not from a sorted whole."""
    also = await ledger.narrowed(wanted, visitor=visitor, today=today)
    return LedgerItem.filter(also, id__in=Subquery(ledger.wanted(visitor, wanted).values("id")))


async def _write(items: QuerySet[LedgerItem], *, path: Path, export: Export, now: datetime) -> int:
    """Write every item into the sheet, oldest first; returns how many."""
    notes = (f"截至{now.astimezone(SHANGHAI):%Y年%m月%d日%H:%M}。坐标为WGS-84；文件24小时后删除。",)
    sheet = await asyncio.to_thread(LongSheet, path, sheet_columns(), title="督察台账", notes=notes)
    done = 0
    async for batch in _batches(items):
        await asyncio.to_thread(sheet.add, map(cells_of, batch))
        done += len(batch)
        await Export.filter(id=export.id).update(done=done)
    await asyncio.to_thread(sheet.close)
    return done


async def _batches(items: QuerySet[LedgerItem]) -> AsyncIterator[list[dict[str, Any]]]:
    """The items as plain values, by keyset on (registered_at, id): what is written meanwhile shifts nothing."""
    after = Q()
    while (
        batch := await items.filter(after).order_by("registered_at", "id").limit(BATCH).values("id", *FIELDS)
    ):
        yield batch
        last = batch[-1]
        after = Q(registered_at__gt=last["registered_at"])
        after |= Q(registered_at=last["registered_at"], id__gt=last["id"])


@deed
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


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
            yield piece
