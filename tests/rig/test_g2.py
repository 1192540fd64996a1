"""G2 in short: `scripts/rig G2` sends two hundred ids."""

from tests.rig.g2_same_again import same_again


async def test_the_same_again_is_the_same_and_anything_else_is_refused():
    outcome = await same_again(ids=140, seed=7)
    assert outcome.is_kept, outcome


async def test_whoever_looks_before_inserting_makes_doubles():
    outcome = await same_again(ids=12, seed=7, change=("unlined",))
    assert outcome.faults["dup"], outcome
    assert outcome.faults["differing"], outcome
