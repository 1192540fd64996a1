"""The legal state transitions of a case. Pure."""

from models.vocabulary import CaseState as S
from server.cases.refusals import WrongCaseStep
from server.kernel.state_machine import StateMachine

MACHINE = StateMachine(
    {
        S.PREPARED: {"release": S.RELEASED, "withdraw": S.WITHDRAWN},
        S.WITHDRAWN: {},
        S.RELEASED: {"answer": S.ANSWERED},
        S.ANSWERED: {"forward": S.FORWARDED},
        S.FORWARDED: {"answer": S.ANSWERED},
    },
    refusal=WrongCaseStep,
)
TOLD = (S.RELEASED, S.ANSWERED, S.FORWARDED)  # the states in which the unit knows of a case
