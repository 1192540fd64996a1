"""Tells packages above that a round changed, inside the unit of work that changes it, whoever asked for it."""

from collections.abc import Awaitable, Callable
from uuid import UUID

Listener = Callable[[UUID], Awaitable[None]]

_listeners: list[Listener] = []


def on_change(listener: Listener) -> None:
    """Await `listener` with a round's id at each lock, unlock, annulment, recusal, seal and publication."""
    _listeners.append(listener)


async def announce(round_id: UUID) -> None:
    """Tell the listeners. Called after every other lock is taken, so that nobody waits crosswise."""
    for listener in _listeners:
        await listener(round_id)
