"""G19: a backup is proven by coming back from it, at a named second, and by the damage that it does not hide."""

from tests.rig import g19_back_again
from tests.rig.g19_back_again import back_again


async def test_everything_until_the_second_comes_back_and_no_damage_goes_unseen():
    outcome = await back_again(reports=6, seed=7)
    assert outcome.is_kept, (outcome, outcome.notes)
    assert outcome.seen["damages"] == len(g19_back_again.DAMAGES)
