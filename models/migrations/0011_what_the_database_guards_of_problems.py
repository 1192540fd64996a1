"""Checks of the problem banks, as SQL (see 0002)."""

from tortoise import migrations
from tortoise.migrations import operations as ops

CHECKS = {
    "problem": {
        "problem_number": "number > 0 AND version > 0",
        "problem_triaged_is_whole": "state IN ('collected', 'merged') OR (kind IS NOT NULL AND cause IS NOT NULL "
        "AND difficulty IS NOT NULL AND solver IS NOT NULL)",
        "problem_escalated_needs_the_city": "state <> 'escalated' OR (solver = 'city' AND level = 'city')",
        "problem_on_ledger_has_item": "state <> 'on_ledger' OR item_id IS NOT NULL",
        "problem_merged_points": "(state = 'merged') = (merged_into_id IS NOT NULL)",
        "problem_not_its_own": "id <> coalesce(merged_into_id, gen_random_uuid())",
    },
    "agenda_entry": {
        "agenda_entry_decided_is_whole": "(state = 'decided') = (decided_on IS NOT NULL) "
        "AND (state = 'decided') = (item_id IS NOT NULL) AND (state = 'decided') = (decision <> '')",
    },
}
ONE_EACH = """
CREATE UNIQUE INDEX agenda_entry_one_waiting ON agenda_entry (problem_id) WHERE state = 'waiting';
CREATE UNIQUE INDEX problem_source_once ON problem_source (problem_id, kind, source_id) WHERE source_id IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0010_problem_banks")]

    operations = [
        *(
            ops.RunSQL(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({check})", reverse_sql="")
            for table, checks in CHECKS.items()
            for name, check in checks.items()
        ),
        ops.RunSQL(ONE_EACH, reverse_sql=""),
    ]
