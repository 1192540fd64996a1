"""Moves the count of password attempts to where it may be forgotten and also covers names that don't exist."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0014_identities_have_a_role")]

    initial = False

    operations = [
        ops.RemoveField(model_name="ConsoleLogin", name="failures"),
        ops.RemoveField(model_name="ConsoleLogin", name="failed_since"),
        ops.RemoveField(model_name="ConsoleLogin", name="locked_until"),
    ]
