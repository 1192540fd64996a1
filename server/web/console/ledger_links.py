"""Addresses of ledger lists: a link carries every field of its filter."""

from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from server.ledger import LedgerFilter

NOT_FILTERS = {"limit", "cursor", "after", "before"}


def ledger_link(wanted: LedgerFilter) -> str:
    """Return the address of the list that shows exactly what a filter finds."""
    query = ledger_query(wanted)
    return f"/console/ledger?{query}" if query else "/console/ledger"


def ledger_query(wanted: LedgerFilter) -> str:
    """Return the filter as a query string; empty if nothing is filtered."""
    return urlencode(filter_fields(wanted))


def filter_fields(wanted: Struct) -> dict[str, str]:
    """Return the fields of a filter that narrow it, as a form would send them."""
    values = msgspec.to_builtins(wanted)
    return {
        name: ("1" if value is True else str(value))
        for name, value in values.items()
        if name not in NOT_FILTERS and value not in (None, "", False)
    }
