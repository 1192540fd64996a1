"""Reading letters: whoever may see an item may see what was issued about it."""

from uuid import UUID

from tortoise.expressions import Subquery

from models import LedgerItem, Letter
from server import ledger
from server.ledger.reading import visible
from server.people import Act, Visitor, may
from server.refusal import NoSuchThing


async def letters_of(item: LedgerItem) -> list[Letter]:
    """The letters that were issued about an item, the newest first."""
    return await Letter.filter(item_id=item.id).order_by("-issued_at", "-number").select_related("issued_by")


async def letters_to(visitor: Visitor, *, limit: int) -> list[Letter]:
    """The letters about items that the visitor handles, the newest first; none for who handles none."""
    if not may(visitor.duties, Act.HANDLE_ITEMS):
        return []
    handled = LedgerItem.filter(visible(visitor, Act.HANDLE_ITEMS)).values("id")
    found = Letter.filter(item_id__in=Subquery(handled)).order_by("-issued_at", "-number")
    return await found.limit(limit).select_related("item")


async def letter_seen_by(visitor: Visitor, letter_id: UUID) -> Letter:
    """A letter about an item that this visitor may see; raises NoSuchThing for foreign and missing alike."""
    letter = await Letter.get_or_none(id=letter_id)
    if letter is None:
        raise NoSuchThing
    await ledger.item_seen_by(visitor, letter.item_id)
    return letter
