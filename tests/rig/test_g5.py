"""G5: on a full disk nothing acknowledged is lost, every refusal is explained, and freed space restores service."""

from tests.rig.g5_full_disk import full_disk


async def test_a_full_disk_loses_nothing_and_room_heals_it():
    outcome = await full_disk(seed=7)
    assert outcome.is_kept, outcome


async def test_without_words_for_a_full_disk_the_same_is_a_fault_of_ours():
    outcome = await full_disk(seed=7, change=("roomy",))
    assert outcome.faults["unplanned_answers"], outcome
