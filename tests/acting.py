"""Runs an action on an item in one sentence: takes the command's fields, returns the item."""

from datetime import UTC, datetime

from models import LedgerItem
from server.ledger import ACTIONS

COMMANDS = {action.verb: action.command for action in ACTIONS}


async def act(verb, item_id, *, by, now=None, **fields) -> LedgerItem:
    """Run a ledger command; `now` matters only for commands that depend on the day."""
    done = await verb(item_id, COMMANDS[verb](**fields), by=by, now=now or datetime.now(UTC))
    return done.item
