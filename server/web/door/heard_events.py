"""Sanic tells fifteen events of each request; only those that somebody listens to are looked up."""

from enum import Enum
from typing import Any

from sanic.signals import Signal, SignalRouter


class HeardEvents(SignalRouter):
    """The router of an app's events; telling an event that has no listener costs nothing.

    Sanic would remove such events from its own classes (TOUCHUP), for all apps of a process at once.
    """

    def __init__(self) -> None:
        super().__init__()
        self._heard: set[str] = set()

    def add(self, handler: Any, event: str | Enum, *rest: Any, **how: Any) -> Signal:  # type: ignore[override]
        """Add a listener to an event that is named in full."""
        self._heard.add(self.format_event(event))
        return super().add(handler, event, *rest, **how)

    async def dispatch(self, event: str | Enum, **how: Any) -> Any:
        """Tell an event to its listeners, if there are any."""
        if self.format_event(event) in self._heard:
            return await super().dispatch(event, **how)
        return None
