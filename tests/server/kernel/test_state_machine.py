"""One state machine for all packages: what it allows, what it refuses, and what it says is possible."""

from types import SimpleNamespace

import pytest

from models.vocabulary import CaseState, LedgerState, MissionState, ProblemState, RoundState
from server import ledger, problems, team
from server.cases.refusals import WrongCaseStep
from server.cases.states import MACHINE as CASES
from server.kernel.state_machine import StaleItem, StateMachine, WrongStep
from server.scoring.states import MACHINE as ROUNDS

S = LedgerState
DOOR = StateMachine(
    {S.REGISTERED: {"dispatch": S.DISPATCHED, "void": S.VOIDED}, S.DISPATCHED: {}, S.VOIDED: {}}
)
EVERY = [
    (ledger.MACHINE, LedgerState),
    (problems.MACHINE, ProblemState),
    (team.MACHINE, MissionState),
    (CASES, CaseState),
    (ROUNDS, RoundState),
]


def thing(state=S.REGISTERED, version=3):
    return SimpleNamespace(state=state, version=version)


def test_a_legal_step_leads_where_the_table_says():
    item = thing()
    DOOR.take(item, "dispatch")
    assert item.state is S.DISPATCHED


@pytest.mark.parametrize("step", ["acknowledge", "", "Dispatch"])
def test_a_wrong_step_is_refused_with_the_legal_ones_and_changes_nothing(step):
    item = thing()
    for attempt in (DOOR.check_step, DOOR.take):
        with pytest.raises(WrongStep) as refused:
            attempt(item, step)
        assert refused.value.extra == {"state": S.REGISTERED, "legal": ["dispatch", "void"]}
    assert item.state is S.REGISTERED


def test_an_end_offers_no_step():
    assert DOOR.steps_from(S.VOIDED) == []
    with pytest.raises(WrongStep) as refused:
        DOOR.check_step(thing(S.VOIDED), "dispatch")
    assert refused.value.extra["legal"] == []


@pytest.mark.parametrize("seen", [2, 4])
def test_another_version_than_the_present_one_is_refused_whether_older_or_newer(seen):
    with pytest.raises(StaleItem) as refused:
        DOOR.check_version(thing(version=3), seen)
    assert refused.value.extra == {"version": 3, "state": S.REGISTERED, "legal": ["dispatch", "void"]}


def test_the_present_version_is_let_through():
    DOOR.check_version(thing(version=3), 3)


def test_what_is_done_beside_the_steps_is_bound_to_its_states():
    DOOR.check_state(thing(), (S.REGISTERED, S.DISPATCHED))
    with pytest.raises(WrongStep) as refused:
        DOOR.check_state(thing(), (S.DISPATCHED,), "还没有分办。")
    assert (refused.value.message, refused.value.hint) == ("还没有分办。", WrongStep.hint_zh)


def test_what_stands_in_the_way_may_be_the_state_of_another_thing():
    refused = DOOR.wrong_step(thing(), state=S.VOIDED)
    assert refused.extra == {"state": S.VOIDED, "legal": ["dispatch", "void"]}


def test_a_room_may_word_its_refusal_itself():
    with pytest.raises(WrongCaseStep):
        CASES.check_step(thing(CaseState.WITHDRAWN), "answer")


@pytest.mark.parametrize(("machine", "states"), EVERY, ids=[states.__name__ for _, states in EVERY])
def test_every_rooms_table_names_every_state_and_leads_to_no_other(machine, states):
    assert set(machine.table) == set(states)
    assert {then for steps in machine.table.values() for then in steps.values()} <= set(states)


@pytest.mark.parametrize(("machine", "states"), EVERY, ids=[states.__name__ for _, states in EVERY])
def test_every_state_of_a_room_can_be_reached_from_its_first(machine, states):
    reached, ahead = set(), [next(iter(machine.table))]
    while ahead:
        state = ahead.pop()
        if state not in reached:
            reached.add(state)
            ahead += machine.table[state].values()
    assert reached == set(states)
