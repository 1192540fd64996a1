"""G14 in short: `scripts/rig G14` has more desks and is stricter about time."""

from tests.rig.g14_signing_in import signing_in


async def test_a_login_is_not_guessed_not_replayed_and_nobody_is_locked_out():
    outcome = await signing_in(desks=3, seed=7, within=0.3)
    assert outcome.is_kept, outcome


async def test_without_known_browsers_strangers_lock_everybody_out():
    outcome = await signing_in(desks=2, seed=7, within=0.3, change=("all_strange",))
    assert outcome.faults["locked_out"] == 2, outcome


async def test_without_the_hash_of_nobody_time_tells_which_names_exist():
    outcome = await signing_in(desks=2, seed=7, within=0.3, change=("telltale",))
    assert outcome.faults["timed_apart"], outcome
