"""The ledger: an item is a matter under a number; everything hangs on it."""

from server.ledger.reading import LedgerFilter, count_of, item_seen_by, lead_units, page_of, years
from server.ledger.registering import NewItem, register
from server.ledger.states import NEXT, steps_from

__all__ = [
    "NEXT",
    "LedgerFilter",
    "NewItem",
    "count_of",
    "item_seen_by",
    "lead_units",
    "page_of",
    "register",
    "steps_from",
    "years",
]
