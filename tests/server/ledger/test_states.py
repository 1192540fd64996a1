"""The state machine of the ledger."""

import pytest

from models.vocabulary import LedgerState as S
from server.ledger import MACHINE


@pytest.mark.parametrize("state", [S.MERGED, S.VOIDED])
def test_a_merged_or_voided_item_moves_no_more(state):
    assert MACHINE.steps_from(state) == []


@pytest.mark.parametrize("state", [state for state in S if state not in (S.MERGED, S.VOIDED)])
def test_every_other_state_can_still_be_closed(state):
    reached, ahead = set(), [state]
    while ahead:
        here = ahead.pop()
        if here not in reached:
            reached.add(here)
            ahead += MACHINE.table[here].values()
    assert S.CLOSED in reached
