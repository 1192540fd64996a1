"""Acting on an item in one sentence: the fields are the command's, what comes back is the item."""

from datetime import UTC, datetime

from models import LedgerItem
from server.ledger import ACTIONS

COMMANDS = {action.verb: action.command for action in ACTIONS}


async def act(verb, item_id, *, by, now=None, **fields) -> LedgerItem:
    """Do what a verb of the ledger does; the moment counts only for verbs that ask for the day."""
    done = await verb(item_id, COMMANDS[verb](**fields), by=by, now=now or datetime.now(UTC))
    return done.item
