"""G10 in short: `scripts/rig G10` has ten senders who try 22 costlier photos at once."""

from tests.rig.g10_hostile_photos import hostile_photos

SHORT = {"senders": 3, "each": 9, "side": 1500, "seed": 7}


async def test_senders_of_costly_photos_hold_up_nobody():
    outcome = await hostile_photos(**SHORT)
    assert outcome.is_kept, outcome


async def test_without_turns_everybody_waits_behind_them():
    outcome = await hostile_photos(**SHORT, change=("one_door",), worker_change=("one_line",))
    assert outcome.faults["overtaken_at_the_door"], outcome
    assert outcome.faults["overtaken"], outcome


async def test_without_slots_of_their_own_photos_hold_up_messages():
    outcome = await hostile_photos(
        **(SHORT | {"side": 2600}), worker_change=("one_room",), message_seconds=1.5
    )
    assert outcome.faults["message_late"], outcome
