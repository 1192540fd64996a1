"""Counts, per day and for nobody in particular, the digests WeChat refused through our fault; servers report it."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0027_sealed_photos_are_entered_by_the_hour")]

    initial = False

    operations = [
        ops.CreateModel(
            name="DigestFailures",
            fields=[
                ("day", fields.DateField(primary_key=True, unique=True, db_index=True)),
                ("failures", fields.IntField()),
            ],
            options={
                "table": "digest_failures",
                "app": "models",
                "pk_attr": "day",
                "table_description": "How many digests of a day WeChat refused for a fault of ours; whose, nothing tells.",
            },
            bases=["Model"],
        ),
    ]
