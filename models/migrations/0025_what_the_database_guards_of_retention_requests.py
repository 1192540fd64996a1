"""Checks of the units' wishes to keep a number, as SQL (see 0002)."""

from tortoise import migrations
from tortoise.migrations import operations as ops

CHECKS = {
    "retention_request": {
        "retention_decider_differs": "decided_by_id IS NULL OR decided_by_id <> asked_by_id",
        "retention_decided_is_whole": "(state = 'asked') = (decided_at IS NULL)",
    },
}
ONE_OPEN = "CREATE UNIQUE INDEX retention_one_open ON retention_request (item_id) WHERE state = 'asked'"


class Migration(migrations.Migration):
    dependencies = [("models", "0024_retention_requests")]

    operations = [
        *(
            ops.RunSQL(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({check})", reverse_sql="")
            for table, checks in CHECKS.items()
            for name, check in checks.items()
        ),
        ops.RunSQL(ONE_OPEN, reverse_sql="DROP INDEX retention_one_open"),
    ]
