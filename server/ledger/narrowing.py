"""The ledger's list narrowed by what no filter can say: a light of today, or what waits for who looks."""

from tortoise.expressions import Q

from models import LedgerItem
from server.ledger.reading import LedgerFilter, _read_cursor, wanted
from server.people import Visitor


async def page_within(visitor: Visitor, by: LedgerFilter, *, also: Q) -> tuple[list[LedgerItem], str | None]:
    """A page of what a filter finds and `also` holds for, and the cursor of the next, as `page_of` gives it."""
    items = wanted(visitor, by).filter(also).order_by("-registered_at", "-id")
    if by.cursor:
        at, after = _read_cursor(by.cursor)
        items = items.filter(Q(registered_at__lt=at) | Q(registered_at=at, id__lt=after))
    found = await items.limit(by.limit + 1).select_related("lead_unit", "task")
    if len(found) <= by.limit:
        return found, None
    last = found[by.limit - 1]
    return found[: by.limit], f"{last.registered_at.isoformat()}~{last.id}"


async def count_within(visitor: Visitor, by: LedgerFilter, *, also: Q) -> int:
    """How many items a filter finds and `also` holds for: the same list, counted."""
    return await wanted(visitor, by).filter(also).count()
