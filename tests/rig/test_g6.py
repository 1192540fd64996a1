"""G6 in short: `scripts/rig G6` sends a thousand messages and kills the sender twenty times."""

from tests.rig.g6_sent_or_seen import sent_or_seen


async def test_every_message_is_sent_once_or_somebody_sees_that_it_was_not():
    outcome = await sent_or_seen(messages=120, kills=4, seed=7)
    assert outcome.is_kept, outcome
    assert outcome.seen["planned"] == 120
    assert outcome.seen["kills"] == 4
    assert outcome.seen["state_unknown"], outcome


async def test_a_sender_that_sends_again_what_may_have_arrived_doubles_messages():
    outcome = await sent_or_seen(messages=60, kills=0, seed=7, change=("resends",))
    assert outcome.faults["doubled"], outcome


async def test_failures_that_are_kept_off_the_list_are_found():
    outcome = await sent_or_seen(messages=60, kills=0, seed=7, change=("unlisted",))
    assert outcome.faults["unlisted"], outcome
