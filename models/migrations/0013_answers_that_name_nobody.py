"""Removes persons from idempotency keys and their answers; earlier answers are deleted."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0012_senders_have_turns_and_quotas")]

    initial = False

    operations = [
        ops.DeleteModel(name="IdempotencyKey"),
        ops.CreateModel(
            name="OnceKey",
            fields=[
                ("scope", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("print", fields.CharField(max_length=64)),
                ("answer_sealed", fields.TextField(default="", unique=False)),
                ("made_on", fields.DateField()),
            ],
            options={
                "table": "once_key",
                "app": "models",
                "indexes": [Index(fields=["made_on"])],
                "pk_attr": "scope",
                "table_description": "One deed under a key of the phone's own, for seven days. Without the server's keys it tells of nobody.",
            },
            bases=["Model"],
        ),
    ]
