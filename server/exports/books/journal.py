"""The journal as a sheet: what was done, by whom, and the block that commits to it."""

from datetime import datetime
from typing import Any

from tortoise.queryset import QuerySet

from models import JournalEntry
from server import journal
from server.exports.book import Book, Column
from server.journal import JournalFilter
from server.kernel.clock import business_date
from server.notifications import inbox
from server.people import Actor, Permission


async def find(actor: Actor, wanted: JournalFilter, _: datetime) -> QuerySet[JournalEntry]:
    """Select the entries that match a filter, for those who may read the journal."""
    actor.reaches(Permission.SEE_JOURNAL)
    return journal.wanted(wanted)


async def complete(rows: list[dict[str, Any]]) -> None:
    """Add each event in words, its time, its actor and its block, without a reporter's name or hour."""
    entries = await JournalEntry.filter(id__in=[row["id"] for row in rows])
    told = {one.entry.id: one for one in await inbox.tell(entries)}
    blocks = await journal.blocks_of(entries)
    for row in rows:
        one, block = told[row["id"]], blocks.get(row["id"])
        row["what"], row["who"] = one.what, one.who
        row["at"] = business_date(one.at) if one.is_day else one.at
        if one.is_day:  # another event of the same block would reveal its second
            block = None
        row["block"], row["block_hash"] = (block.number, block.hash) if block else (None, None)


BOOK = Book(
    kind="journal",
    title="操作日志",
    permission=Permission.SEE_JOURNAL,
    shape=JournalFilter,
    find=find,
    order=("id",),
    complete=complete,
    columns=(
        Column(field="id", header="序号", width=8),
        Column(field="at", header="时间", width=17, is_told=True),
        Column(field="what", header="做了什么", width=60, is_told=True),
        Column(field="who", header="谁", width=14, is_told=True),
        Column(field="subject_kind", header="对象类别", width=16),
        Column(field="subject_id", header="对象编号", width=38),
        Column(field="block", header="存证块", width=10, is_told=True),
        Column(field="block_hash", header="块的校验值", width=66, is_told=True),
    ),
)
