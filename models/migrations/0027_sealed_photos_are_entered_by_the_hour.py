"""Covers a sealed report's rows only when it is entered, so that no block reveals when it came (decision 0020)."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0026_reporters_and_envelopes_have_roles")]

    initial = False

    operations = [
        ops.AddField(model_name="Photo", name="is_entered", field=fields.BooleanField(db_default=True)),
        ops.AddField(
            model_name="ManifestLine", name="is_entered", field=fields.BooleanField(db_default=True)
        ),
    ]
