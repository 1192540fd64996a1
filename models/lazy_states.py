"""While migrations run, the models of before an operation are drawn only for operations that look at them.

Tortoise draws every model of the chain anew before each of its operations; most are SQL and never look. On an empty
database that was more than half of the time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tortoise.migrations.migration import Migration
from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.schema_generator.state_apps import StateApps

_apply, _clone = Migration.apply, State.clone


class LazyState(State):
    """A copy of a state whose models are drawn when they are first asked for."""

    def __init__(self, of: State) -> None:
        self.models = {key: model.clone() for key, model in of.models.items()}
        self._of, self._drawn = of.apps, None

    _drawn: StateApps | None

    @property
    def apps(self) -> StateApps:  # type: ignore[override]
        if self._drawn is None:
            self._drawn = self._of.clone(model_states=self.models)
        return self._drawn


def _clone_lazily(state: State) -> State:
    return LazyState(state)


async def _apply_lazily(self: Migration, state: State, **how: Any) -> State:
    State.clone = _clone_lazily  # type: ignore[method-assign, assignment]
    try:
        return await _apply(self, state, **how)
    finally:
        State.clone = _clone  # type: ignore[method-assign]


@contextmanager
def drawn_when_asked() -> Iterator[None]:
    """Run migrations inside; one at a time in a process."""
    Migration.apply = _apply_lazily  # type: ignore[method-assign]
    try:
        yield
    finally:
        Migration.apply = _apply  # type: ignore[method-assign]
