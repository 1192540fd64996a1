"""The letters on an item's page: those there are, and those that may be drafted now."""

from collections.abc import Collection
from dataclasses import dataclass

from models import LedgerItem, Letter
from server import letters
from server.letters import Kinds
from server.packs import LetterKind
from server.people import Actor, Permission


@dataclass(frozen=True)
class LettersOfItem:
    """An item's letters that the reader may see; each kind that may be drafted, and whether it skips a step."""

    here: list[Letter]
    open: list[tuple[LetterKind, bool]]


async def letters_of_item(
    item: LedgerItem, *, to: Actor, kinds: Kinds, permissions: Collection[Permission]
) -> LettersOfItem:
    """Return what an item's page shows of letters; `permissions` are those that reach the item."""
    found = kinds.open_to(item, drafter=to) if Permission.DECIDE_ITEMS in permissions else []
    skips = [(kind, await letters.skips_a_step(item, kind, kinds=kinds)) for kind in found]
    return LettersOfItem(await letters.letters_of(item, seen_by_actor=to), skips)
