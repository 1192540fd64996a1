"""Checks of what people allow the office to send them, as SQL (see 0002)."""

from tortoise import migrations
from tortoise.migrations import operations as ops

CHECKS = {
    "subscription_quota": {"subscription_quota_is_no_debt": "credits >= 0"},
    "consent": {"consent_names_a_version": "version <> ''"},
}


class Migration(migrations.Migration):
    dependencies = [("models", "0018_subscriptions_and_consents")]

    operations = [
        ops.RunSQL(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({check})", reverse_sql="")
        for table, checks in CHECKS.items()
        for name, check in checks.items()
    ]
