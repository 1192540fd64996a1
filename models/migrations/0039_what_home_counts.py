"""Adds the small indexes that the home page counts from: a year's states, close-outs to decide, unsolved matters."""

from tortoise import migrations
from tortoise.migrations import operations as ops

INDEXES = (
    "CREATE INDEX ledger_item_year_state ON ledger_item (year, state)",
    "CREATE INDEX ledger_item_closing ON ledger_item (asked_by_id) WHERE state = 'closing'",
    "CREATE INDEX ledger_item_unsolved ON ledger_item (needs_review_since) WHERE needs_review_since IS NOT NULL",
)


class Migration(migrations.Migration):
    dependencies = [("models", "0038_the_life_of_letters")]

    operations = [ops.RunSQL(list(INDEXES), reverse_sql="")]
