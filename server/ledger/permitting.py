"""Decides when an action is open to a person: rules besides the state machine, each about one item. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from models import LedgerItem
from models.vocabulary import LedgerState as S
from server.ledger.pending import Pending
from server.ledger.reporting import WORKED_ON
from server.ledger.states import ENDED, MACHINE
from server.ledger.urging import WITH_A_UNIT


@dataclass(frozen=True)
class Standing:
    """An item as it is today, for one person."""

    item: LedgerItem
    pending: Pending
    has_open_children: bool
    today: date
    me: UUID


Rule = Callable[[Standing], bool]


def step(name: str) -> Rule:
    """The state machine allows this step."""
    return lambda at: MACHINE.allows(at.item, name)


def may_close(at: Standing) -> bool:
    """Somebody else requested it, and no split-off item is open."""
    return step("close_out")(at) and not at.has_open_children and _asked_by_another(at)


def may_send_back(at: Standing) -> bool:
    """Somebody else requested the close-out."""
    return step("reject")(at) and _asked_by_another(at)


def may_ask_close_out(at: Standing) -> bool:
    """The unit works on it, and no split-off item is open."""
    return step("request_close_out")(at) and not at.has_open_children


def may_retain(at: Standing) -> bool:
    """The office may retain an item at once, but people can't decide on their own request."""
    asked = at.pending.retention
    return step("retain")(at) and not (asked and asked.asked_by_id == at.me)


def may_decide_retention(at: Standing) -> bool:
    """Somebody else requested it, and the item is still in progress."""
    return at.pending.retention is not None and may_retain(at)


def may_ask_retention(at: Standing) -> bool:
    """One request at a time, while the item is in progress."""
    return at.item.state is S.IN_PROGRESS and at.pending.retention is None


def may_decide_extension(at: Standing) -> bool:
    """Somebody else requested a later deadline."""
    return at.pending.extension is not None and at.pending.extension.asked_by_id != at.me


def may_ask_extension(at: Standing) -> bool:
    """One request at a time, and the deadline is not over."""
    due = at.item.due_on
    under_way = at.item.state is S.IN_PROGRESS and due is not None and at.today <= due
    return under_way and at.pending.extension is None


def may_report(at: Standing) -> bool:
    """The unit works on it, now or long-term."""
    return at.item.state in WORKED_ON


def may_merge(at: Standing) -> bool:
    """The item is open without open split-off items, and nobody answers a request of their own by it."""
    asked = (at.pending.extension, at.pending.retention, at.pending.close_out)
    is_own = any(one is not None and one.asked_by_id == at.me for one in asked)
    return step("merge")(at) and not at.has_open_children and not is_own


def may_void(at: Standing) -> bool:
    """The state machine allows it, and somebody else proposed it or nobody did."""
    return step("void")(at) and at.item.void_asked_by_id != at.me


def may_split(at: Standing) -> bool:
    """The item has not ended, and no close-out is requested."""
    return at.item.state not in ENDED and at.item.state is not S.CLOSING


def may_amend(at: Standing) -> bool:
    """The item has not ended."""
    return at.item.state not in ENDED


def may_urge(at: Standing) -> bool:
    """A unit has the item."""
    return at.item.state in WITH_A_UNIT


def _asked_by_another(at: Standing) -> bool:
    asked = at.pending.close_out
    return asked is not None and at.me not in (asked.asked_by_id, at.item.asked_by_id)
