"""Adds turns for waiting photos, their refusal after two time-outs, and a quota for photos that nobody names."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0011_searching_in_one_form")]

    initial = False

    operations = [
        ops.CreateModel(
            name="PhotoDay",
            fields=[
                ("key", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("day", fields.DateField()),
                ("bytes", fields.BigIntField()),
                ("photos", fields.IntField()),
            ],
            options={
                "table": "photo_day",
                "app": "models",
                "indexes": [Index(fields=["day"])],
                "pk_attr": "key",
                "table_description": "What one sender sent on one day; `key` is an HMAC of both, so a dump tells of nobody. Kept two days.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Photo",
            name="time_outs",
            field=fields.SmallIntField(db_default=0),
        ),
        ops.AddField(
            model_name="Photo",
            name="turn",
            field=fields.IntField(db_default=0),
        ),
        ops.AddField(
            model_name="Photo",
            name="unnamed_key",
            field=fields.CharField(null=True, max_length=64),
        ),
        ops.AddIndex(
            model_name="Photo",
            index=Index(fields=["unnamed_key"]),
        ),
    ]
