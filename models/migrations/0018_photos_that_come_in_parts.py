"""Adds photo uploads in parts over a bad connection (tus 1.0)."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0017_the_journal_without_a_chain")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Upload",
            fields=[
                ("key", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("day_key", fields.CharField(max_length=64)),
                ("length", fields.IntField()),
                ("confirmed", fields.IntField(default=0)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("finished", fields.BooleanField(default=False)),
            ],
            options={
                "table": "upload",
                "app": "models",
                "indexes": [Index(fields=["day_key"]), Index(fields=["expires_at"])],
                "pk_attr": "key",
                "table_description": "A photo that comes in parts (tus 1.0). `key` is an HMAC of sender, digest and length: a dump tells of nobody.",
            },
            bases=["Model"],
        ),
    ]
