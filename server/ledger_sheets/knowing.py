"""What a sheet is compared with: the items with its numbers, units, tasks, and the office that gives numbers."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from models import LedgerItem, Organisation, ReformTask
from server import tasks
from server.exports.book import cells_of, found, told
from server.exports.books.ledger import BOOK, complete
from server.ledger import LedgerView
from server.ledger.dispatching import WORKERS
from server.ledger.reading import visible
from server.ledger_sheets.comparing import Known
from server.ledger_sheets.reading_cells import Names
from server.people import Actor, Permission


async def known_items(numbers: Collection[str], *, by: Actor, now: datetime) -> dict[str, Known]:
    """Return the visible items with these numbers, each as it would be exported now; five queries for all."""
    rows = (
        await (await found(BOOK, by, LedgerView(), now=now))
        .filter(number_text__in=numbers)
        .values(*BOOK.fields)
    )
    await complete(rows)
    ids = [row["id"] for row in rows]
    items = {item.id: item for item in await LedgerItem.filter(id__in=ids)}
    mine = await _decided_by(by, ids)
    return {
        row["number_text"]: Known(
            item=items[row["id"]],
            cells=dict(
                zip((one.field for one in BOOK.columns), cells_of(BOOK, told(BOOK, row, to=by)), strict=True)
            ),
            is_mine=row["id"] in mine,
        )
        for row in rows
    }


async def names_of(today: date) -> Names:
    """Return units and tasks by the names that a sheet may use."""
    workers = await Organisation.filter(kind__in=list(WORKERS), closed_on=None)
    codes = await ReformTask.filter(is_current=True).values_list("code", "id")
    return Names(
        directory=await tasks.load_directory(today),
        workers=frozenset(unit.id for unit in workers),
        tasks=dict(codes),
        today=today,
    )


async def office_of(by: Actor) -> Organisation | None:
    """Return the organisation that gives numbers and whose items the actor decides on, or None; raises NotAllowed."""
    ids = [reach.organisation_id for reach in by.reaches(Permission.DECIDE_ITEMS) if reach.organisation_id]
    return await Organisation.filter(id__in=ids, series__isnull=False).order_by("sort_order", "code").first()


async def _decided_by(by: Actor, ids: list[UUID]) -> set[UUID]:
    mine = LedgerItem.filter(visible(by, Permission.DECIDE_ITEMS), id__in=ids)
    return {row["id"] for row in await mine.values("id")}
