"""The state machine of the ledger."""

import pytest

from models.vocabulary import LedgerState as S
from server.ledger import NEXT, steps_from


def test_every_state_stands_in_the_table():
    assert set(NEXT) == set(S)


@pytest.mark.parametrize("state", [S.MERGED, S.VOIDED])
def test_a_merged_or_voided_item_moves_no_more(state):
    assert steps_from(state) == []


def test_every_state_can_be_reached_from_registration():
    reached, ahead = set(), [S.REGISTERED]
    while ahead:
        state = ahead.pop()
        if state not in reached:
            reached.add(state)
            ahead += NEXT[state].values()
    assert reached == set(S)


@pytest.mark.parametrize("state", [state for state in S if state not in (S.MERGED, S.VOIDED)])
def test_every_other_state_can_still_be_closed(state):
    reached, ahead = set(), [state]
    while ahead:
        here = ahead.pop()
        if here not in reached:
            reached.add(here)
            ahead += NEXT[here].values()
    assert S.CLOSED in reached
