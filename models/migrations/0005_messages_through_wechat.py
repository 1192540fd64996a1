from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.vocabulary import SubscribeMessageState


class Migration(migrations.Migration):
    dependencies = [("models", "0004_what_the_database_guards_of_templates")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Nudge",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="nudges",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("cause", fields.CharField(max_length=40)),
                ("purpose", fields.CharField(max_length=20)),
                ("template", fields.CharField(max_length=64)),
                ("entry_id", fields.BigIntField(null=True)),
                ("title", fields.CharField(max_length=20)),
                ("about", fields.CharField(max_length=20)),
                ("page", fields.CharField(max_length=120)),
                ("is_minor", fields.BooleanField(db_default=False)),
                ("caused_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("due_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("until_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "state",
                    fields.CharEnumField(
                        description="WAITING: waiting\nSENDING: sending\nSENT: sent\nNEEDLESS: needless\nREFUSED: refused\nFAILED: failed\nUNKNOWN: unknown\nEXPIRED: expired",
                        enum_type=SubscribeMessageState,
                        max_length=10,
                    ),
                ),
                ("attempts", fields.IntField(db_default=0)),
                ("batch", fields.UUIDField(null=True)),
                ("claimed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("settled_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("errcode", fields.IntField(null=True)),
            ],
            options={
                "table": "nudge",
                "app": "models",
                "unique_together": (("person_id", "cause", "purpose"),),
                "indexes": [Index(fields=["state", "due_at"])],
                "pk_attr": "id",
                "table_description": "A message through WeChat that points to the inbox; `cause` decides that each event is told once.",
            },
            bases=["Model"],
        ),
    ]
