from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.vocabulary import RequestState


class Migration(migrations.Migration):
    dependencies = [("models", "0023_what_the_database_guards_of_reasons")]

    initial = False

    operations = [
        ops.CreateModel(
            name="RetentionRequest",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "item",
                    fields.ForeignKeyField(
                        "models.LedgerItem",
                        source_field="item_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="retentions_asked",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "asked_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="asked_by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="retentions_asked",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reason", fields.TextField(unique=False)),
                ("review_on", fields.DateField()),
                (
                    "state",
                    fields.CharEnumField(
                        description="ASKED: asked\nGRANTED: granted\nREFUSED: refused",
                        enum_type=RequestState,
                        max_length=8,
                    ),
                ),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "decided_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="decided_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="retentions_decided",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("reply", fields.TextField(default="", unique=False)),
            ],
            options={
                "table": "retention_request",
                "app": "models",
                "indexes": [Index(fields=["item_id"])],
                "pk_attr": "id",
                "table_description": "A unit's wish that long-term work keeps its number; the office decides (LED-12).",
            },
            bases=["Model"],
        ),
    ]
