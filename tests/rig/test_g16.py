"""G16 in short: `scripts/rig G16 --long` has five minutes of 100 reports, 50 photos and 200 lists a second."""

from tests.rig.g16_busy_hour import busy_hour

SHORT = {
    "seconds": 10,
    "share": 0.05,
    "seed": 7,
    "slow": 0.1,
    "slowest": 10.0,
}  # the times are the long form's


async def test_the_busy_hour_is_calm_beside_slow_clients():
    outcome = await busy_hour(**SHORT)
    assert outcome.is_kept, (outcome, outcome.notes)
    assert outcome.seen["slow_clients"] == 100


async def test_a_server_that_stands_still_is_not_calm():
    outcome = await busy_hour(**SHORT, change=("standing",))
    assert outcome.faults["reports_slow"] + outcome.faults["errors"], outcome
