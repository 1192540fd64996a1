"""G3 in short: `scripts/rig G3` drops 4,000 connections."""

from tests.rig.g3_hang_ups import hang_ups


async def test_phones_that_hang_up_do_not_starve_the_server():
    outcome = await hang_ups(connections=500, seed=7)
    assert outcome.is_kept, outcome


async def test_without_the_shield_the_same_storm_does():
    outcome = await hang_ups(connections=400, seed=7, change=("unshielded",))
    assert outcome.faults["idle_in_transaction"] or outcome.faults["refused_afterwards"], outcome
