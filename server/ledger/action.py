"""What an action is, on an item, problem, letter, mission or case; the `actions.py` of each declares them all."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from msgspec import Struct

from server.kernel.refusal import Refusal
from server.people import Permission

At = TypeVar("At")  # what its rule looks at
Done = TypeVar("Done")  # what its verb returns


@dataclass(frozen=True, kw_only=True)
class Action(Generic[At, Done]):
    """An action: its names, who may do it and when, what it asks for, and the command behind it.

    An action without an `operation` exists only on the console, one that is not `at_desk` only on phones. Two actions
    may share a noun: they are two answers.
    """

    code: str  # among the open actions in the API
    noun: str  # its address, a sub-resource
    operation: str = ""  # its name in the API contract
    label: str
    done: str  # what is said when it is done
    told: Mapping[str, str]  # what a timeline says, by journal event; {…} comes from the entry's detail
    permission: Permission
    command: type[Struct]
    verb: Callable[..., Awaitable[Done]]
    open_when: Callable[[At], bool]
    refusals: tuple[type[Refusal], ...] = ()  # besides a wrong step and a stale version
    in_batches: bool = False
    at_desk: bool = True
