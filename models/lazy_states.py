"""While migrations run, a model is drawn only when an operation looks at it, and only with those that it refers to.

Tortoise draws all models of the chain anew before and after each operation, though most operations are SQL and never
look at one: with a hundred tables that is nearly all of the time of an empty database.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tortoise.fields.relational import (
    ForeignKeyFieldInstance,
    ManyToManyFieldInstance,
    OneToOneFieldInstance,
)
from tortoise.migrations import executor
from tortoise.migrations.schema_generator.state import ModelState, State
from tortoise.migrations.schema_generator.state_apps import StateApps
from tortoise.models import Model

Name = tuple[str, str]  # the app and the model
REFERENCES = (ForeignKeyFieldInstance, OneToOneFieldInstance, ManyToManyFieldInstance)


class DrawnWhenAsked(StateApps):
    """The models of a state; each is drawn when it is first asked for, after those that it refers to."""

    def __init__(self, of: StateApps, states: Mapping[Name, ModelState]) -> None:
        super().__init__(default_connections=dict(of._default_connections), connections=of._connections)
        self._states = states

    def get_model(self, app_label: str, model_name: str | None = None) -> type[Model]:
        if model_name is None:
            app_label, model_name = self.split_reference(app_label)
        if (app_label, model_name) in self._states:
            self._draw((app_label, model_name))
        return super().get_model(app_label, model_name)

    def _draw(self, wanted: Name) -> None:
        missing = [name for name in self._reached(wanted) if name[1] not in self.apps.get(name[0], {})]
        for app_label, model_name in missing:
            self.register_model(app_label, self._states[app_label, model_name].render(self))
        if missing:
            self._init_relations()
            self._build_initial_querysets()

    def _reached(self, wanted: Name) -> list[Name]:
        """Return a model and all that it refers to, over any number of references."""
        reached, ahead = dict.fromkeys([wanted]), [wanted]
        while ahead:
            named = self._states[ahead.pop()].fields.values()
            refers = [one.model_name for one in named if isinstance(one, REFERENCES)]
            new = {self.split_reference(one) for one in refers} & self._states.keys() - reached.keys()
            reached.update(dict.fromkeys(new))
            ahead.extend(new)
        return list(reached)


class LazyState(State):
    """A state whose models are drawn when they are asked for, and forgotten when one changes."""

    def __init__(self, models: dict[Name, ModelState], apps: StateApps) -> None:
        super().__init__(models=models, apps=DrawnWhenAsked(apps, models))

    def reload_model(self, app_label: str, model_name: str) -> None:
        if (app_label, model_name) not in self.models:
            raise LookupError(f"Model state {app_label}.{model_name} is unknown")
        self._reload(set())

    def reload_models(self, model_tuples: Iterable[Name]) -> None:
        self._reload(set())

    def _reload(self, models_to_reload: set[Name]) -> None:
        self.apps = DrawnWhenAsked(self.apps, self.models)

    def clone(self) -> "LazyState":
        return LazyState({name: _copy(state) for name, state in self.models.items()}, self.apps)

    def validate_relations_initialized(self) -> None:
        """Raise RuntimeError if a model refers to one that no migration has created."""
        known = {f"{app_label}.{name}" for app_label, name in self.models}
        for state in self.models.values():
            for field in state.fields.values():
                if isinstance(field, REFERENCES) and field.model_name not in known:
                    raise RuntimeError(f"{state.app}.{state.name} refers to a model that was never created")


def _copy(state: ModelState) -> ModelState:
    """Return a copy of a model's state; its fields are shared, because operations replace and never change them."""
    copied = dict(vars(state), options=dict(state.options), fields=dict(state.fields))
    return ModelState(**copied)


@contextmanager
def drawn_when_asked() -> Iterator[None]:
    """Run migrations inside; one at a time in a process."""
    states: Any = executor
    states.State = LazyState
    try:
        yield
    finally:
        states.State = State
