"""Migration operations that create many tables, or all checks of some tables, at once.

For each CreateModel, Tortoise rebuilds every model of the chain: with fifty tables, an empty database takes four
seconds longer. In a chain of their own they would be the same tables.
"""

from collections.abc import Mapping
from typing import Any

from tortoise.migrations.operations import CreateModel, TortoiseOperation
from tortoise.migrations.schema_editor.base import BaseSchemaEditor
from tortoise.migrations.schema_generator.state import ModelState, State


def adding(checks: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return the statements that add checks to tables: {table: {name: what must be true}}."""
    return [
        f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({check})"
        for table, of_table in checks.items()
        for name, check in of_table.items()
    ]


class CreateModels(TortoiseOperation):
    """Creates tables in the given order; a table comes after those that it refers to."""

    def __init__(self, *creations: CreateModel) -> None:
        self.creations = creations

    def describe(self) -> str:
        return f"Create models {', '.join(creation.name for creation in self.creations)}"

    def state_forward(self, app_label: str, state: State) -> None:
        drawn = {
            (app_label, one.name): ModelState.make_from_model(app_label, one.model) for one in self.creations
        }
        state.models.update(drawn)
        state.reload_models(drawn)

    async def database_forward(
        self, app_label: str, old_state: State, new_state: State, state_editor: BaseSchemaEditor | None = None
    ) -> None:
        for creation in self.creations:
            await creation.database_forward(app_label, old_state, new_state, state_editor)

    async def database_backward(self, *states: Any) -> None:
        for creation in reversed(self.creations):
            await creation.database_backward(*states)
