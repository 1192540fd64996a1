from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0004_what_the_database_guards_of_the_ledger")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ThreadMessage",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "observation",
                    fields.ForeignKeyField(
                        "models.Observation",
                        source_field="observation_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="thread",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("from_office", fields.BooleanField()),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="thread_messages",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("text", fields.TextField(unique=False)),
                ("sent_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "thread_message",
                "app": "models",
                "indexes": [Index(fields=["observation_id", "sent_at"])],
                "pk_attr": "id",
                "table_description": "A line between reporter and office under one report (SUB-11); the office writes as the office.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Observation",
            name="claimed_by",
            field=fields.ForeignKeyField(
                "models.Person",
                source_field="claimed_by_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="observations_claimed",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="Observation",
            name="claimed_until",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Observation",
            name="decline_asked_by",
            field=fields.ForeignKeyField(
                "models.Person",
                source_field="decline_asked_by_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="declines_asked",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
    ]
