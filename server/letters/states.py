"""The legal transitions of a letter. Pure.

Kinds in the shorter form go from draft to delivered at once (`issue`); a letter that asks for no reply ends when it
is acknowledged.
"""

from models.vocabulary import LetterState as S
from server.kernel.state_machine import StateMachine
from server.letters.refusals import WrongLetterStep

MACHINE = StateMachine(
    {
        S.DRAFT: {"submit": S.SUBMITTED, "issue": S.DELIVERED, "void": S.VOIDED},
        S.SUBMITTED: {"sign_off": S.DELIVERED, "send_back": S.DRAFT, "void": S.VOIDED},
        S.DELIVERED: {"acknowledge": S.ACKNOWLEDGED, "void": S.VOIDED},
        S.ACKNOWLEDGED: {"reply": S.REPLIED, "void": S.VOIDED},
        S.REPLIED: {"accept": S.ACCEPTED, "return_reply": S.ACKNOWLEDGED, "void": S.VOIDED},
        S.ACCEPTED: {},
        S.VOIDED: {},
    },
    refusal=WrongLetterStep,
)
UNSIGNED = (S.DRAFT, S.SUBMITTED)
