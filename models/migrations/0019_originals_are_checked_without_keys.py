"""Adds the digest of a sealed original as stored, so that its integrity can be checked without keys."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0018_photos_that_come_in_parts")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Photo",
            name="sealed_sha256",
            field=fields.CharField(null=True, max_length=64),
        ),
    ]
