"""G4 in short: `scripts/rig G4 --long` sends 300 reports of six photos of 100 to 500 KB at 50 KB/s."""

from tests.rig.bad_lines import Line
from tests.rig.g4_bad_lines import bad_lines

SHORT = {"sizes": (10_000, 30_000), "line": Line(speed=200_000, latency=0.02), "seed": 7}
SHORT["most_sent"] = 2.0  # a few photos may have bad luck


async def test_photos_arrive_whole_and_one_by_one_over_bad_lines():
    outcome = await bad_lines(reports=6, **SHORT)
    assert outcome.is_kept, outcome
    assert {"cut", "swallowed", "lost", "garbled", "repeated"} <= outcome.seen.keys(), outcome


async def test_a_server_that_weighs_no_photo_keeps_other_bytes():
    outcome = await bad_lines(reports=2, **SHORT, change=("unweighed",), fates={"garbled": 0.9})
    assert outcome.faults["photo_bytes"], outcome


async def test_a_phone_that_forgets_what_arrived_sends_too_much():
    outcome = await bad_lines(reports=4, **SHORT, is_forgetful=True, longest=8)
    assert outcome.faults["sent_too_much"], outcome
