"""Migration operations that rename a model with its table, or only the Python name of a column."""

from copy import deepcopy

from tortoise.fields.relational import ForeignKeyFieldInstance
from tortoise.migrations.operations import RenameModel, TortoiseOperation
from tortoise.migrations.schema_generator.state import State


class RenameTable(RenameModel):
    """Renames a model, its table and the label of its rows; indexes and checks keep their names.

    Tortoise's own operation rebuilds the model while related models still know it by its old name.
    """

    def __init__(self, old_name: str, new_name: str, *, table: str, related_name: str | None = None) -> None:
        super().__init__(old_name, new_name)
        self.table, self.related_name = table, related_name

    def state_forward(self, app_label: str, state: State) -> None:
        old = (app_label, self.old_name)
        related = state._find_related_models(*old) - {old}
        renamed = state.models.pop(old)
        state.apps.unregister_model(*old)
        renamed.name, renamed.table = self.new_name, self.table
        renamed.options["table"] = self.table
        for name, field in renamed.fields.items():
            if self.related_name and isinstance(field, ForeignKeyFieldInstance) and field.related_name:
                renamed.fields[name] = copy = deepcopy(field)
                copy.related_name = self.related_name
        state.models[(app_label, self.new_name)] = renamed
        state._reload(related | {(app_label, self.new_name)})


class RenameAttribute(TortoiseOperation):
    """Gives a column another name in Python; the database does not change."""

    def __init__(self, model_name: str, old_name: str, new_name: str) -> None:
        self.model_name, self.old_name, self.new_name = model_name, old_name, new_name

    def describe(self) -> str:
        return f"Call {self.model_name}.{self.old_name} {self.new_name}"

    def state_forward(self, app_label: str, state: State) -> None:
        model = self.get_model_state(state, app_label, self.model_name)
        field = deepcopy(model.fields.pop(self.old_name))
        field.source_field = self.old_name
        model.fields[self.new_name] = field
        state.reload_models({(app_label, self.model_name)})
