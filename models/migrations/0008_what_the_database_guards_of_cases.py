"""Checks of cases, as SQL (see 0002)."""

from tortoise import migrations
from tortoise.migrations import operations as ops

CHECKS = {
    "unit_case": {
        "unit_case_leaves_in_a_batch": "(state IN ('prepared', 'withdrawn')) = (released_on IS NULL) "
        "AND (released_on IS NULL) = (position IS NULL)",
        "unit_case_has_words": "length(summary) BETWEEN 5 AND 2000",
        "unit_case_narrow_has_reason": "possible_reporters IS NULL OR possible_reporters >= 5 OR narrow_because <> ''",
    },
    "case_picture": {"case_picture_position": "position BETWEEN 1 AND 9"},
    "case_answer": {
        "case_answer_forwarded_in_words": "(forwarded_at IS NULL) = (forwarded_words = '') "
        "AND (forwarded_at IS NULL) = (forwarded_by_id IS NULL)",
    },
}
ONE_EACH = """
CREATE UNIQUE INDEX unit_case_one_living ON unit_case (item_id, unit_id, round) WHERE state <> 'withdrawn';
CREATE UNIQUE INDEX case_answer_one_waiting ON case_answer (case_id) WHERE forwarded_at IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0007_cases_for_units")]

    operations = [
        *(
            ops.RunSQL(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({check})", reverse_sql="")
            for table, checks in CHECKS.items()
            for name, check in checks.items()
        ),
        ops.RunSQL(ONE_EACH, reverse_sql=""),
    ]
