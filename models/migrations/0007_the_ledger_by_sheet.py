import functools
from json import dumps, loads
from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.all_at_once import CreateModels, adding
from models.vocabulary import ImportState

CHECKS = {"ledger_import": {"ledger_import_counts": "done BETWEEN 0 AND total"}}


class Migration(migrations.Migration):
    dependencies = [("models", "0006_givings_back_with_reasons")]

    initial = False

    operations = [
        CreateModels(
            ops.CreateModel(
                name="LedgerImport",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "person",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="person_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="ledger_imports",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("source_name", fields.CharField(max_length=120)),
                    (
                        "changes",
                        fields.JSONField(
                            encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                        ),
                    ),
                    (
                        "problems",
                        fields.JSONField(
                            default=list,
                            encoder=functools.partial(dumps, separators=(",", ":")),
                            decoder=loads,
                        ),
                    ),
                    (
                        "state",
                        fields.CharEnumField(
                            default=ImportState.PREVIEWED,
                            description="PREVIEWED: previewed\nWAITING: waiting\nRUNNING: running\nDONE: done\nREFUSED: refused",
                            enum_type=ImportState,
                            max_length=12,
                        ),
                    ),
                    ("done", fields.IntField(default=0)),
                    ("total", fields.IntField()),
                    ("previewed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("confirmed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                    ("finished_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "ledger_import",
                    "app": "models",
                    "indexes": [
                        Index(fields=["person_id", "previewed_at"]),
                        Index(fields=["state", "expires_at"]),
                    ],
                    "pk_attr": "id",
                    "table_description": "A read sheet: the changes it asks for, and how far the worker has brought them.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="OldEntry",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "item",
                        fields.OneToOneField(
                            "models.LedgerItem",
                            source_field="item_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="old_entry",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    (
                        "organisation",
                        fields.ForeignKeyField(
                            "models.Organisation",
                            source_field="organisation_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="old_entries",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("old_number", fields.CharField(default="", max_length=60)),
                    ("digest", fields.CharField(max_length=64)),
                    ("taken_over_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "old_entry",
                    "app": "models",
                    "unique_together": (("organisation_id", "digest"),),
                    "pk_attr": "id",
                    "table_description": "A line of an older ledger that stands under a number of ours; the digest keeps it from coming in twice.",
                },
                bases=["Model"],
            ),
        ),
        ops.RunSQL(
            adding(CHECKS),
            reverse_sql="",
        ),
    ]
