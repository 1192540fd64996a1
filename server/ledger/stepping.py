"""Steps on an item: visible, locked, at the version the actor saw, legal; saved with one journal entry."""

from typing import Any
from uuid import UUID

from models import LedgerItem
from server import journal
from server.ledger.reading import item_seen_by
from server.ledger.reminding import settle_reminders
from server.ledger.states import MACHINE
from server.people import Actor, Permission


async def lock_for_step(
    item_id: UUID, step: str, *, version: int, by: Actor, permission: Permission
) -> LedgerItem:
    """Return the item locked for a step; of any number of parallel calls with one version, one succeeds.

    Raises NotAllowed, NoSuchThing (foreign and missing alike), StaleItem or WrongStep with the legal steps.
    """
    item = await lock(item_id, version=version, by=by, permission=permission)
    MACHINE.check_step(item, step)
    return item


async def lock(item_id: UUID, *, version: int, by: Actor, permission: Permission) -> LedgerItem:
    """Return the item locked at the version the actor saw, in any state."""
    await item_seen_by(by, item_id, permission=permission)
    item = await LedgerItem.select_for_update().get(id=item_id)
    MACHINE.check_version(item, version)
    return item


async def transition(item: LedgerItem, step: str, *, event: str, by: Actor, **detail: Any) -> LedgerItem:
    """Take the step: the state that the table names, the next version, and the journal entry `ledger_item.<event>`."""
    before = item.state
    MACHINE.take(item, step)
    return await save_change(item, event=event, by=by, before=before, after=item.state, **detail)


async def save_change(item: LedgerItem, *, event: str, by: Actor | None, **detail: Any) -> LedgerItem:
    """Save a change that is not a step, with its journal entry."""
    item.version += 1
    if event != "void_asked":
        item.void_asked_by_id = None  # whatever else happens to it, somebody has decided otherwise
    await item.save()
    await settle_reminders(item, event, by=by.person.id if by else None)
    told = {name: value for name, value in detail.items() if value not in (None, "")}
    await journal.record(f"ledger_item.{event}", item, by=by.person if by else None, **told)
    return item
