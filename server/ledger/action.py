"""What an action on an item is; server/ledger/actions.py declares them all."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from server.kernel.refusal import Refusal
from server.ledger.commands import Deed, Result
from server.ledger.permitting import Rule
from server.people import Permission


@dataclass(frozen=True, kw_only=True)
class Action:
    """An action on an item: its names, who may do it and when, what it asks for, and the command behind it.

    An action without an `operation` exists only on the console. Two actions may share a noun: they are two answers.
    """

    code: str  # among the open actions in the API
    noun: str  # the item's sub-resource, its address
    operation: str = ""  # its name in the API contract
    label: str
    done: str  # what is said when it is done
    told: Mapping[str, str]  # what a timeline says, by journal event; {…} comes from the entry's detail
    permission: Permission
    command: type[Deed]
    verb: Callable[..., Awaitable[Result]]
    open_when: Rule
    refusals: tuple[type[Refusal], ...] = ()  # besides a wrong step and a stale version
    in_batches: bool = False
