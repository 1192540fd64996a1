"""G10 in short: `scripts/rig G10` has ten senders with 22 costlier photos each."""

import pytest

from tests.rig.g10_hostile_photos import hostile_photos

SHORT = {"senders": 3, "each": 11, "side": 2600, "seed": 7, "message_seconds": 1.5}


async def test_senders_of_costly_photos_hold_up_nobody():
    outcome = await hostile_photos(**SHORT)
    assert outcome.is_kept, outcome


@pytest.mark.parametrize(("change", "fault"), [("one_line", "overtaken"), ("one_room", "message_late")])
async def test_without_turns_or_without_slots_of_their_own_they_do(change, fault):
    outcome = await hostile_photos(**SHORT, change=(change,))
    assert outcome.faults[fault], outcome
