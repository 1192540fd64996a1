"""Journal entries: written as the last act of a unit of work, so an entry's number is higher than its causes'."""

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Protocol
from uuid import UUID

from msgspec import Meta, Struct
from tortoise import connections
from tortoise.queryset import QuerySet

from models import JournalEntry, Person
from server.gateways import queue
from server.kernel.clock import SHANGHAI
from server.kernel.unit_of_work import raw_connection

A_DAY = timedelta(days=1)


class Subject(Protocol):
    """Anything with an id and a table can be the subject of an event."""

    id: UUID
    _meta: Any


NewEntry = tuple[str, str, UUID, UUID | None, str]  # event, kind and id of its subject, actor, detail as JSON

WRITE = "SELECT journal_write($1::text[], $2::text[], $3::uuid[], $4::uuid[], $5::text[]) AS id"
WHO = "SELECT entry_id, actor FROM journal_actors($1::bigint[])"
BLOCKS = """
SELECT e.id AS entry_id, b.id AS number, encode(b.hash, 'hex') AS hash
FROM journal_entry e JOIN ledger.leaf l ON l.xid = e.xid AND l.era = e.era JOIN ledger.block b ON b.id = l.block
WHERE e.id = ANY ($1::bigint[])
"""
LAST_BLOCK = """
SELECT id AS number, encode(hash, 'hex') AS hash FROM ledger.block
WHERE at < $1 AND size > 0 ORDER BY at DESC, id DESC LIMIT 1
"""

_held_back: ContextVar[list[NewEntry] | None] = ContextVar("held_back", default=None)


async def record(event: str, subject: Subject, *, by: Person | None, **detail: Any) -> int:
    """Write an entry and enqueue its reactions; return the entry's number, 0 if it is written later.

    `detail` holds ids, states, numbers and the office's words, never personal data (reliability R3.2 rule 6).
    """
    told = json.dumps(detail, ensure_ascii=False, default=str)
    line = (event, subject._meta.db_table, subject.id, by.id if by else None, told)
    waiting = _held_back.get()
    if waiting is not None:
        waiting.append(line)
        return 0
    return (await _write([line]))[0]


@asynccontextmanager
async def together() -> AsyncIterator[None]:
    """Write the entries of all events inside at the end of the block, in their order.

    For many events in one transaction: their entries and jobs take two statements.
    """
    waiting: list[NewEntry] = []
    token = _held_back.set(waiting)
    try:
        yield
    finally:
        _held_back.reset(token)
    if waiting:
        await _write(waiting)


async def _write(lines: Sequence[NewEntry]) -> list[int]:
    rows = await connections.get("default").execute_query_dict(
        WRITE, [list(column) for column in zip(*lines, strict=True)]
    )
    numbers = [row["id"] for row in rows]
    await queue.enqueue_all(raw_connection(), "react", [{"entry_id": number} for number in numbers])
    return numbers


async def actors_of(entries: Iterable[JournalEntry]) -> dict[int, UUID]:
    """Return the actor of each entry; entries of reporters and of the system have none."""
    rows = await connections.get("default").execute_query_dict(WHO, [[entry.id for entry in entries]])
    return {row["entry_id"]: row["actor"] for row in rows}


class Block(Struct, frozen=True):
    """The block that commits to an entry, in a form that others can compare."""

    number: int
    hash: str


async def blocks_of(entries: Iterable[JournalEntry]) -> dict[int, Block]:
    """Return the block of each entry; the newest entries have none for half a second."""
    rows = await connections.get("default").execute_query_dict(BLOCKS, [[entry.id for entry in entries]])
    return {row["entry_id"]: Block(row["number"], row["hash"]) for row in rows}


async def last_block_before(moment: datetime) -> Block | None:
    """Return the newest block closed before a moment."""
    rows = await connections.get("default").execute_query_dict(LAST_BLOCK, [moment])
    return Block(rows[0]["number"], rows[0]["hash"]) if rows else None


async def timeline(*subject_ids: UUID) -> list[JournalEntry]:
    """Return all entries about the given subjects, oldest first."""
    return await JournalEntry.filter(subject_id__in=subject_ids).order_by("id")


class JournalFilter(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Filters journal entries; days are the office's, both inclusive; `before` is the last number of the previous page.

    There is no filter by person: that would reveal who reported.
    """

    event: Annotated[str, Meta(max_length=60)] = ""
    kind: Annotated[str, Meta(max_length=40)] = ""
    subject_id: UUID | None = None
    since_on: date | None = None
    until_on: date | None = None
    before: Annotated[int, Meta(ge=1)] | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


async def page_of(by: JournalFilter) -> list[JournalEntry]:
    """Return a page of the journal, newest first, with one entry more than the limit if there is another page."""
    entries = wanted(by).filter(id__lt=by.before) if by.before else wanted(by)
    return await entries.order_by("-id").limit(by.limit + 1)


async def count_of(by: JournalFilter) -> int:
    """Count the entries that a filter finds."""
    return await wanted(by).count()


def wanted(by: JournalFilter) -> QuerySet[JournalEntry]:
    """Return the query for a filter's entries, not yet cut to a page."""
    entries = JournalEntry.all()
    if by.event:
        entries = entries.filter(event=by.event)
    if by.kind:
        entries = entries.filter(subject_kind=by.kind)
    if by.subject_id:
        entries = entries.filter(subject_id=by.subject_id)
    if by.since_on:
        entries = entries.filter(at__gte=datetime.combine(by.since_on, time.min, SHANGHAI))
    if by.until_on:
        entries = entries.filter(at__lt=datetime.combine(by.until_on + A_DAY, time.min, SHANGHAI))
    return entries
