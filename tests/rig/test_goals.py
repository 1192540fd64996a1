"""The list of goals is whole, and what shows each of them is there."""

import re
from pathlib import Path

from tests.rig.goals import GOALS

ROOT = Path(__file__).parents[2]


def test_all_twenty_are_listed_and_shown_by_what_is_there():
    assert list(GOALS) == [f"G{number}" for number in range(1, 21)]
    named = {
        path
        for goal in GOALS.values()
        for path in re.findall(r"tests/[\w/.]+", f"{goal.shown_by} {goal.short}")
    }
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
