"""Checks of the ledger's life, as SQL (see 0002)."""

from tortoise import migrations
from tortoise.migrations import operations as ops

CHECKS = {
    "ledger_item": {
        "ledger_item_percent": "percent BETWEEN 0 AND 100",
        "ledger_item_retained_has_review": "state <> 'retained' OR (next_review_on IS NOT NULL AND retention_note <> '')",
        "ledger_item_merged_points": "(state = 'merged') = (merged_into_id IS NOT NULL)",
        "ledger_item_not_its_own": "id <> coalesce(merged_into_id, parent_id, gen_random_uuid())",
        "ledger_item_dispatched_has_unit": "state IN ('registered', 'merged', 'voided') OR lead_unit_id IS NOT NULL",
    },
    "progress_report": {"progress_report_percent": "percent BETWEEN 0 AND 100"},
    "close_out_request": {
        "close_out_decider_differs": "decided_by_id IS NULL OR decided_by_id <> asked_by_id",
    },
    "extension": {"extension_decider_differs": "decided_by_id IS NULL OR decided_by_id <> asked_by_id"},
}
ONE_OPEN = """
CREATE UNIQUE INDEX close_out_request_one_open ON close_out_request (item_id) WHERE state = 'asked';
CREATE UNIQUE INDEX extension_one_open ON extension (item_id) WHERE state = 'asked';
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0003_the_ledgers_whole_life")]

    operations = [
        *(
            ops.RunSQL(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({check})", reverse_sql="")
            for table, checks in CHECKS.items()
            for name, check in checks.items()
        ),
        ops.RunSQL(ONE_OPEN, reverse_sql=""),
    ]
