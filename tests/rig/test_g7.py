"""G7 in short: `scripts/rig G7` simulates 370 days, over two year ends and the spring festival."""

import pytest

from tests.rig.g7_one_run import one_run


async def test_each_day_is_planned_once_and_no_reminder_outlives_its_cause():
    outcome = await one_run(days=60, seed=7)
    assert outcome.is_kept, outcome
    assert outcome.seen["jumps"] > 100
    assert outcome.seen["stops"], outcome
    assert outcome.seen["reminders"] > 50


@pytest.mark.parametrize(
    ("change", "fault"),
    [("two_runs", "doubled_runs"), ("no_catch_up", "missed"), ("no_end", "after_the_end")],
)
async def test_without_its_protection_the_goal_is_broken(change, fault):
    outcome = await one_run(days=40, seed=7, change=(change,))
    assert outcome.faults[fault], outcome
