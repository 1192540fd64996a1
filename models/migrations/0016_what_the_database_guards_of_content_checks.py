"""Checks of what is checked before others may see it, as SQL (see 0002)."""

from tortoise import migrations
from tortoise.migrations import operations as ops

CHECKS = {
    "content_check": {
        "content_check_digest": "digest ~ '^[0-9a-f]{64}$'",
        "content_check_only_pending_waits": "state = 'pending' OR due_at IS NULL",
        "content_check_answered": "(state = 'pending') = (answered_at IS NULL)",
        "content_check_unjudged_has_reason": "(state = 'unknown') = (unjudged IS NOT NULL)",
        "content_check_only_photos_are_traced": "trace_id IS NULL OR kind = 'photo'",
        "content_check_decision_is_whole": "(decision IS NULL) = (decided_by_id IS NULL) "
        "AND (decision IS NULL) = (decided_at IS NULL)",
        "content_check_decided_waits_no_more": "decision IS NULL OR due_at IS NULL",
    },
}


class Migration(migrations.Migration):
    dependencies = [("models", "0015_content_checks")]

    operations = [
        ops.RunSQL(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({check})", reverse_sql="")
        for table, checks in CHECKS.items()
        for name, check in checks.items()
    ]
