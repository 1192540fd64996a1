"""Decides which actions are open to an actor on an item now, by the table, its rules and the actor's duties."""

from collections.abc import Collection
from datetime import date

from models import LedgerItem
from server.ledger.actions import ACTIONS, DECIDE, HANDLE, ItemAction
from server.ledger.pending import Pending
from server.ledger.permitting import Standing
from server.ledger.reading import visible
from server.people import Actor, Permission, may


async def permissions_reaching(actor: Actor, item: LedgerItem) -> set[Permission]:
    """Return the actor's permissions that reach this very item: permission to see does not include to decide."""
    return {
        permission
        for permission in (DECIDE, HANDLE)
        if may(actor.duties, permission)
        and await LedgerItem.filter(visible(actor, permission), id=item.id).exists()
    }


def actions_open_to(
    actor: Actor,
    item: LedgerItem,
    *,
    permissions: Collection[Permission],
    pending: Pending,
    has_open_children: bool,
    today: date,
) -> list[str]:
    """Return the codes of the actions open to this actor on an item now, in the table's order. Pure.

    `permissions` are those that reach the item. A page offers exactly these; the commands check again, because a page
    may be out of date.
    """
    at = Standing(item, pending, has_open_children, today, actor.person.id)
    return [one.code for one in ACTIONS if one.permission in permissions and one.open_when(at)]


def addressed() -> list[ItemAction]:
    """Return one action for each address."""
    return list({action.noun: action for action in reversed(ACTIONS)}.values())[::-1]


def action_named(code: str) -> ItemAction:
    """Return the action with this code."""
    return next(action for action in ACTIONS if action.code == code)
