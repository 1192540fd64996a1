"""Which deeds are open to a visitor on an item now: the state machine × his duties × what was asked.

A page offers exactly these; the verbs check again, because a page grows old.
"""

from collections.abc import Collection
from datetime import date

from models import LedgerItem
from models.vocabulary import LedgerState as S
from server.ledger.closing import ENDED
from server.ledger.pending import Pending
from server.ledger.reading import visible
from server.ledger.reporting import WORKED_ON
from server.ledger.states import NEXT
from server.people import Act, Visitor, may

ACTS: dict[str, Act] = {
    "dispatch": Act.DECIDE_ITEMS,
    "transfer": Act.DECIDE_ITEMS,
    "close_out": Act.DECIDE_ITEMS,
    "reject": Act.DECIDE_ITEMS,
    "decide_extension": Act.DECIDE_ITEMS,
    "decide_retention": Act.DECIDE_ITEMS,
    "retain": Act.DECIDE_ITEMS,
    "resume": Act.DECIDE_ITEMS,
    "merge": Act.DECIDE_ITEMS,
    "split": Act.DECIDE_ITEMS,
    "void": Act.DECIDE_ITEMS,
    "re_register": Act.DECIDE_ITEMS,
    "acknowledge": Act.HANDLE_ITEMS,
    "return_back": Act.HANDLE_ITEMS,
    "report_progress": Act.HANDLE_ITEMS,
    "ask_extension": Act.HANDLE_ITEMS,
    "ask_retention": Act.HANDLE_ITEMS,
    "request_close_out": Act.HANDLE_ITEMS,
}


async def acts_reaching(visitor: Visitor, item: LedgerItem) -> set[Act]:
    """The acts that this visitor's duties carry as far as this very item: seeing one is not deciding on it."""
    return {
        act
        for act in set(ACTS.values())
        if may(visitor.duties, act) and await LedgerItem.filter(visible(visitor, act), id=item.id).exists()
    }


def deeds_open_to(
    visitor: Visitor,
    item: LedgerItem,
    *,
    acts: Collection[Act],
    pending: Pending,
    open_children: bool,
    today: date,
) -> list[str]:
    """The deeds that this visitor may do on an item, in the table's order; `acts` are those reaching it. Pure."""
    legal = set(NEXT[item.state]) | _beside(item, pending, today=today)
    if open_children:
        legal -= {"close_out", "request_close_out"}
    me = visitor.person.id
    if pending.close_out is None or me in (pending.close_out.asked_by_id, item.asked_by_id):
        legal -= {"close_out", "reject"}
    if pending.extension and pending.extension.asked_by_id == me:
        legal -= {"decide_extension"}
    if pending.retention and pending.retention.asked_by_id == me:
        legal -= {"decide_retention", "retain"}
    return [name for name, act in ACTS.items() if name in legal and act in acts]


def _beside(item: LedgerItem, pending: Pending, *, today: date) -> set[str]:
    """Deeds that are no steps of the state machine."""
    found = set()
    if item.state in WORKED_ON:
        found.add("report_progress")
    if item.state not in ENDED and item.state is not S.CLOSING:
        found.add("split")
    if pending.extension:
        found.add("decide_extension")
    elif item.state is S.IN_PROGRESS and item.due_on and today <= item.due_on:
        found.add("ask_extension")
    if item.state is S.IN_PROGRESS:
        found.add("decide_retention" if pending.retention else "ask_retention")
    return found
