"""State machines: which step leads to which state, what is refused, and which steps a page may offer. Pure.

Each package defines its table in its `states.py`; locking, saving and the journal entry stay with the package.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Generic, Protocol, TypeVar

from models.vocabulary import Word
from server.kernel.refusal import Refusal

S = TypeVar("S", bound=Word)


class WrongStep(Refusal):
    """The step is not legal in the item's state; the legal steps are named (LED-02)."""

    message_zh = "这件事目前的状态不能做这一步。"
    hint_zh = "请刷新后按页面上列出的步骤办理。"


class StaleItem(Refusal):
    """Somebody changed the item in the meantime; its version and legal steps are named (LED-13)."""

    message_zh = "别的同志刚刚办理过这一件，您看到的不是最新的。"
    hint_zh = "请刷新后再操作，您填写的内容没有丢。"


class InState(Protocol[S]):
    """Anything that has a state."""

    state: S


class Versioned(InState[S], Protocol[S]):
    """Anything that has a state and a version, which every change raises."""

    version: int


class StateMachine(Generic[S]):
    """A table {state: {step: next state}}; a state without steps is final. A wrong step raises `refusal`."""

    def __init__(self, table: Mapping[S, Mapping[str, S]], *, refusal: type[Refusal] = WrongStep) -> None:
        self.table = table
        self.refusal = refusal

    def steps_from(self, state: S) -> list[str]:
        """Return the steps that are legal in a state, in the table's order."""
        return list(self.table[state])

    def check_version(self, thing: Versioned[S], seen: int) -> None:
        """Raise StaleItem unless the thing still has the version that the actor saw."""
        if thing.version != seen:
            raise StaleItem(version=thing.version, state=thing.state, legal=self.steps_from(thing.state))

    def allows(self, thing: InState[S], step: str) -> bool:
        """Whether a step is legal in the thing's state."""
        return step in self.table[thing.state]

    def when_allowed(self, step: str) -> Callable[[InState[S]], bool]:
        """Return the rule that a step is legal, for the table of actions."""
        return lambda thing: self.allows(thing, step)

    def check_step(self, thing: InState[S], step: str) -> None:
        """Raise the refusal, naming the legal steps, unless this step is legal now."""
        if not self.allows(thing, step):
            raise self.wrong_step(thing)

    def check_state(self, thing: InState[S], states: Collection[S], words: str | None = None) -> None:
        """Raise the refusal unless the thing is in one of these states: for actions that are not steps."""
        if thing.state not in states:
            raise self.wrong_step(thing, words)

    def wrong_step(self, thing: InState[S], words: str | None = None, *, state: S | None = None) -> Refusal:
        """Build the refusal of a step, with the thing's state (or the `state` that blocks it) and its legal steps."""
        return self.refusal(words, state=state or thing.state, legal=self.steps_from(thing.state))

    def take(self, thing: InState[S], step: str) -> None:
        """Move the thing to the state that the table names; raises the refusal as `check_step` does."""
        self.check_step(thing, step)
        thing.state = self.table[thing.state][step]
