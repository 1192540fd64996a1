"""The address of a ledger list: whatever fields the filter has, the link says them again."""

from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from server.ledger import LedgerFilter

NOT_FILTERS = {"limit", "cursor", "after", "before"}


def ledger_link(wanted: LedgerFilter) -> str:
    """The list that shows exactly what a filter finds."""
    query = ledger_query(wanted)
    return f"/console/ledger?{query}" if query else "/console/ledger"


def ledger_query(wanted: LedgerFilter) -> str:
    """The filter as the query of an address; empty when everything is wanted."""
    return urlencode(filter_fields(wanted))


def filter_fields(wanted: Struct) -> dict[str, str]:
    """The fields of a filter that narrow it, as a form would send them."""
    values = msgspec.to_builtins(wanted)
    return {
        name: ("1" if value is True else str(value))
        for name, value in values.items()
        if name not in NOT_FILTERS and value not in (None, "", False)
    }
