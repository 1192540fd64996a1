from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0021_units_that_closed")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ReasonVersion",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "reason",
                    fields.ForeignKeyField(
                        "models.Reason",
                        source_field="reason_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="versions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("version", fields.IntField()),
                ("label", fields.CharField(max_length=40)),
                ("text", fields.CharField(max_length=300)),
                ("is_active", fields.BooleanField()),
                ("at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="reason_versions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "reason_version",
                "app": "models",
                "unique_together": (("reason_id", "version"),),
                "pk_attr": "id",
                "table_description": "What a reason said at one time; rows are only added. `by` and `at` are unknown for what a pack brought.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Reason",
            name="version",
            field=fields.IntField(db_default=1),
        ),
    ]
