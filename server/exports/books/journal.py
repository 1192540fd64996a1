"""The journal as a sheet: what was done, by whom, and the links of the chain."""

from datetime import datetime
from typing import Any

from tortoise.queryset import QuerySet

from models import JournalEntry
from server import inbox, journal
from server.exports.book import Book, Column
from server.journal import JournalFilter
from server.people import Act, Visitor


async def find(visitor: Visitor, wanted: JournalFilter, _: datetime) -> QuerySet[JournalEntry]:
    """The entries that a filter finds, for those who may read the journal."""
    visitor.reaches(Act.SEE_JOURNAL)
    return journal.wanted(wanted)


async def complete(rows: list[dict[str, Any]]) -> None:
    """Write down each deed in words and who did it; a reporter stays unnamed."""
    told = await inbox.tell(await JournalEntry.filter(id__in=[row["id"] for row in rows]))
    by_id = {one.entry.id: one for one in told}
    for row in rows:
        row["what"], row["who"] = by_id[row["id"]].what, by_id[row["id"]].who


BOOK = Book(
    kind="journal",
    title="操作日志",
    act=Act.SEE_JOURNAL,
    shape=JournalFilter,
    find=find,
    order=("id",),
    complete=complete,
    columns=(
        Column(field="id", header="序号", width=8),
        Column(field="at", header="时间", width=17),
        Column(field="what", header="做了什么", width=60, is_told=True),
        Column(field="who", header="谁", width=14, is_told=True),
        Column(field="subject_kind", header="对象类别", width=16),
        Column(field="subject_id", header="对象编号", width=38),
        Column(field="hash", header="校验值", width=66),
    ),
)
