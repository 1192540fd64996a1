"""Lets the read-only login read all data, actors included; otherwise the verifier would miss those rows."""

from tortoise import migrations
from tortoise.migrations import operations as ops

READS = "CREATE POLICY read_by_the_verifier ON journal_actor FOR SELECT TO pg_read_all_data USING (true)"


class Migration(migrations.Migration):
    dependencies = [("models", "0022_told_by_the_report")]

    operations = [ops.RunSQL(READS, reverse_sql="")]
