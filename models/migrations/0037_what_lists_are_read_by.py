"""Adds the indexes that lists, lights and sums of the ledger are read by; tests/server/ledger/test_plans.py names them.

An index is no change of a covered table: no row is written, no commitment made anew.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

ENDED = "('closed', 'merged', 'voided')"

INDEXES = (
    # The cockpit sums a year from this index alone.
    """CREATE INDEX ledger_item_year ON ledger_item (year, registered_at, id)
       INCLUDE (state, due_on, dispatched_at, closed_at, percent, lead_unit_id)""",
    # Lights, of which only the items still running can have one besides green.
    f"CREATE INDEX ledger_item_running_due ON ledger_item (due_on) INCLUDE (dispatched_at, percent) WHERE state NOT IN {ENDED}",
    f"CREATE INDEX ledger_item_running_since ON ledger_item (dispatched_at) WHERE state NOT IN {ENDED}",
    "CREATE INDEX ledger_item_commissioner ON ledger_item (commissioner_id, registered_at, id)",
    """CREATE INDEX ledger_item_kept ON ledger_item (closed_at) INCLUDE (due_on)
       WHERE state = 'closed' AND closed_at IS NOT NULL AND due_on IS NOT NULL""",
    "CREATE INDEX photo_fingerprint ON photo (fingerprint) WHERE fingerprint IS NOT NULL",
)


class Migration(migrations.Migration):
    dependencies = [("models", "0036_a_board_is_rehearsed")]

    operations = [ops.RunSQL(list(INDEXES), reverse_sql="")]
