"""Which deeds are open to an actor on an item now: the state machine × his duties × what was asked.

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
from server.ledger.states import MACHINE
from server.people import Actor, Permission, may

ACTS: dict[str, Permission] = {
    "dispatch": Permission.DECIDE_ITEMS,
    "transfer": Permission.DECIDE_ITEMS,
    "close_out": Permission.DECIDE_ITEMS,
    "reject": Permission.DECIDE_ITEMS,
    "decide_extension": Permission.DECIDE_ITEMS,
    "decide_retention": Permission.DECIDE_ITEMS,
    "retain": Permission.DECIDE_ITEMS,
    "resume": Permission.DECIDE_ITEMS,
    "merge": Permission.DECIDE_ITEMS,
    "split": Permission.DECIDE_ITEMS,
    "void": Permission.DECIDE_ITEMS,
    "re_register": Permission.DECIDE_ITEMS,
    "acknowledge": Permission.HANDLE_ITEMS,
    "return_back": Permission.HANDLE_ITEMS,
    "report_progress": Permission.HANDLE_ITEMS,
    "ask_extension": Permission.HANDLE_ITEMS,
    "ask_retention": Permission.HANDLE_ITEMS,
    "request_close_out": Permission.HANDLE_ITEMS,
}


async def permissions_reaching(actor: Actor, item: LedgerItem) -> set[Permission]:
    """The acts that this actor's duties carry as far as this very item: seeing one is not deciding on it."""
    return {
        permission
        for permission in set(ACTS.values())
        if may(actor.duties, permission)
        and await LedgerItem.filter(visible(actor, permission), id=item.id).exists()
    }


def deeds_open_to(
    actor: Actor,
    item: LedgerItem,
    *,
    permissions: Collection[Permission],
    pending: Pending,
    open_children: bool,
    today: date,
) -> list[str]:
    """The deeds that this actor may do on an item, in the table's order; `acts` are those reaching it. Pure."""
    legal = set(MACHINE.steps_from(item.state)) | _beside(item, pending, today=today)
    if open_children:
        legal -= {"close_out", "request_close_out"}
    me = actor.person.id
    if pending.close_out is None or me in (pending.close_out.asked_by_id, item.asked_by_id):
        legal -= {"close_out", "reject"}
    if pending.extension and pending.extension.asked_by_id == me:
        legal -= {"decide_extension"}
    if pending.retention and pending.retention.asked_by_id == me:
        legal -= {"decide_retention", "retain"}
    return [name for name, permission in ACTS.items() if name in legal and permission in permissions]


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
