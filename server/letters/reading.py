"""Reading letters: a person who may see an item may see the letters about it."""

from uuid import UUID

from tortoise.expressions import Subquery

from models import LedgerItem, Letter
from server import ledger
from server.kernel.refusal import NoSuchThing
from server.ledger.reading import visible
from server.people import Actor, Permission, may


async def letters_of(item: LedgerItem) -> list[Letter]:
    """Return the letters issued about an item, newest first."""
    return await Letter.filter(item_id=item.id).order_by("-issued_at", "-number").select_related("issued_by")


async def letters_to(actor: Actor, *, limit: int) -> list[Letter]:
    """Return the letters about items that the actor handles, newest first; none if they handle no item."""
    if not may(actor.duties, Permission.HANDLE_ITEMS):
        return []
    handled = LedgerItem.filter(visible(actor, Permission.HANDLE_ITEMS)).values("id")
    found = Letter.filter(item_id__in=Subquery(handled)).order_by("-issued_at", "-number")
    return await found.limit(limit).select_related("item")


async def letter_seen_by(actor: Actor, letter_id: UUID) -> Letter:
    """Return a letter about an item the actor may see; raises NoSuchThing whether missing or out of their reach."""
    letter = await Letter.get_or_none(id=letter_id)
    if letter is None:
        raise NoSuchThing
    await ledger.item_seen_by(actor, letter.item_id)
    return letter
