"""The actions on a case, each declared once: the office acts on the console, the unit on its phones."""

from models import Case, CaseAnswer
from server.cases import commands as ask
from server.cases.answering import answer, forward_answer
from server.cases.opening import withdraw_case
from server.cases.states import MACHINE
from server.ledger.action import Action
from server.people import Permission

TELL = Permission.TELL_UNITS
CaseAction = Action[Case, Case | CaseAnswer]


ACTIONS: tuple[CaseAction, ...] = (
    Action(
        code="forward",
        noun="forwarding",
        label="转告上报人",
        done="已转告。",
        told={"answer_forwarded": "向上报人转告：{words}"},
        permission=TELL,
        command=ask.ForwardAnswer,
        verb=forward_answer,
        open_when=MACHINE.when_allowed("forward"),
    ),
    Action(
        code="withdraw",
        noun="withdrawal",
        label="撤回",
        done="已撤回。",
        told={"withdrawn": "撤回转办件：{reason}"},
        permission=TELL,
        command=ask.WithdrawCase,
        verb=withdraw_case,
        open_when=MACHINE.when_allowed("withdraw"),
    ),
    Action(
        code="answer",
        noun="answers",
        operation="answer_case",
        label="答复转办件",
        done="已答复。",
        told={"answered": "承办单位答复"},
        permission=Permission.ANSWER_CASES,
        command=ask.AnswerCase,
        verb=answer,
        open_when=MACHINE.when_allowed("answer"),
        at_desk=False,
    ),
)


def actions_of_office(case: Case) -> list[str]:
    """Return the codes of the actions that are open to the office now."""
    return [one.code for one in ACTIONS if one.permission is TELL and one.open_when(case)]
