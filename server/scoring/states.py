"""Which state of a scoring round may follow which. Pure."""

from models.vocabulary import RoundState as S
from server.kernel.state_machine import StateMachine
from server.scoring.refusals import WrongRoundStep

MACHINE = StateMachine(
    {
        S.OPEN: {"lock": S.LOCKED, "annul": S.ANNULLED},
        S.LOCKED: {"unlock": S.OPEN, "seal": S.SEALED, "annul": S.ANNULLED},
        S.SEALED: {"publish": S.PUBLISHED, "recompute": S.SEALED, "annul": S.ANNULLED},
        S.PUBLISHED: {"recompute": S.PUBLISHED, "annul": S.ANNULLED},
        S.ANNULLED: {},
    },
    refusal=WrongRoundStep,
)
BEFORE_SEAL = (S.OPEN, S.LOCKED)
