import functools
from json import dumps, loads
from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.vocabulary import ExportState


class Migration(migrations.Migration):
    dependencies = [("models", "0011_what_the_database_guards_of_problems")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Export",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="exports",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("kind", fields.CharField(max_length=20)),
                (
                    "wanted",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        default=ExportState.WAITING,
                        description="WAITING: waiting\nRUNNING: running\nREADY: ready\nFAILED: failed\nEXPIRED: expired",
                        enum_type=ExportState,
                        max_length=8,
                    ),
                ),
                ("done", fields.IntField(default=0)),
                ("total", fields.IntField()),
                ("key", fields.CharField(null=True, max_length=160)),
                ("bytes", fields.BigIntField(default=0)),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("made_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "export",
                "app": "models",
                "indexes": [Index(fields=["person_id", "asked_at"]), Index(fields=["state", "expires_at"])],
                "pk_attr": "id",
                "table_description": "A file that a person asked for, made by the worker and kept for a day (DAT-04).",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SavedView",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="saved_views",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("page", fields.CharField(max_length=20)),
                ("name", fields.CharField(max_length=30)),
                ("query", fields.CharField(max_length=500)),
                ("saved_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "saved_view",
                "app": "models",
                "unique_together": (("person_id", "page", "name"),),
                "pk_attr": "id",
                "table_description": "A list with its filters under a name of somebody's own (LED-11).",
            },
            bases=["Model"],
        ),
    ]
