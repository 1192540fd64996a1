"""Adds an index for the last block of a day, which is read whenever a reporter looks at their report."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0030_scoring_rounds")]

    operations = [ops.RunSQL("CREATE INDEX block_at ON ledger.block (at)", reverse_sql="")]
