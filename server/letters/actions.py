"""The actions on a letter, each declared once for the API and the console; `told` names its events in full.

Before the signature a letter's events are its own, which only the office reads; after it they stand on its item.
"""

from collections.abc import Callable
from dataclasses import dataclass

from models import Letter
from models.vocabulary import LetterState as S
from server.ledger.action import Action
from server.letters import commands as ask
from server.letters import refusals as no
from server.letters.answering import Answered, acknowledge, decide_reply, reply
from server.letters.drafting import redraft, reword, send_back, submit, void
from server.letters.signing import sign_off
from server.letters.states import MACHINE
from server.people import Permission

DRAFT, SIGN, ANSWER = Permission.DRAFT_LETTERS, Permission.SIGN_LETTERS, Permission.ANSWER_LETTERS


@dataclass(frozen=True)
class Standing:
    """A letter as it is now, and whether this person may sign its kind and did not draft it."""

    letter: Letter
    signs: bool


Rule = Callable[[Standing], bool]
LetterAction = Action[Standing, Letter | Answered]


def step(name: str) -> Rule:
    """The state machine allows this step."""
    return lambda at: MACHINE.allows(at.letter, name)


def is_draft(at: Standing) -> bool:
    """Nobody has handed it to the signer yet."""
    return at.letter.state is S.DRAFT


def may_sign_off(at: Standing) -> bool:
    """It waits for a signature, and this person may give it."""
    return step("sign_off")(at) and at.signs


def may_reply(at: Standing) -> bool:
    """It was acknowledged and asks for a reply."""
    return step("reply")(at) and at.letter.reply_days > 0


ACTIONS: tuple[LetterAction, ...] = (
    Action(
        code="reword",
        noun="wording",
        label="修改文字",
        done="已修改。",
        told={"letter.reworded": "修改{letter}草稿"},
        permission=DRAFT,
        command=ask.Wording,
        verb=reword,
        open_when=is_draft,
    ),
    Action(
        code="redraft",
        noun="redrafting",
        label="按现在的情况重写",
        done="已重写。",
        told={"letter.reworded": "修改{letter}草稿"},
        permission=DRAFT,
        command=ask.AtVersion,
        verb=redraft,
        open_when=is_draft,
    ),
    Action(
        code="submit",
        noun="submission",
        label="送签",
        done="已送签。",
        told={"letter.submitted": "{letter}送签"},
        permission=DRAFT,
        command=ask.AtVersion,
        verb=submit,
        open_when=step("submit"),
    ),
    Action(
        code="acknowledge",
        noun="receipt",
        operation="acknowledge_letter",
        label="签收函件",
        done="已签收。",
        told={"ledger_item.letter_acknowledged": "签收{letter}{number}"},
        permission=ANSWER,
        command=ask.AtVersion,
        verb=acknowledge,
        open_when=step("acknowledge"),
    ),
    Action(
        code="reply",
        noun="replies",
        operation="reply_to_letter",
        label="反馈函件",
        done="已反馈。",
        told={"ledger_item.letter_replied": "反馈{letter}{number}{late}"},
        permission=ANSWER,
        command=ask.Reply,
        verb=reply,
        open_when=may_reply,
        refusals=(no.NoReplyAsked,),
    ),
    Action(
        code="sign_off",
        noun="sign-off",
        operation="sign_letter_off",
        label="签发函件",
        done="已签发并送达。",
        told={"ledger_item.letter_issued": "出具{letter}，文号{number}"},
        permission=SIGN,
        command=ask.AtVersion,
        verb=sign_off,
        open_when=may_sign_off,
        refusals=(no.DrafterMayNotSign, no.NoLetterNow, no.UnitHasChanged),
    ),
    Action(
        code="send_back",
        noun="returns",
        operation="send_letter_back",
        label="退回修改",
        done="已退回起草人。",
        told={"letter.sent_back": "退回起草人：{reason}"},
        permission=SIGN,
        command=ask.WithReason,
        verb=send_back,
        open_when=step("send_back"),
    ),
    Action(
        code="accept",
        noun="reply-decisions",
        operation="decide_letter_reply",
        label="审核函件反馈",
        done="审核结果已记下。",
        told={"ledger_item.letter_accepted": "认可{letter}{number}的反馈"},
        permission=DRAFT,
        command=ask.Verdict,
        verb=decide_reply,
        open_when=step("accept"),
        refusals=(no.ReasonForVoid,),
    ),
    Action(
        code="return_reply",
        noun="reply-decisions",
        operation="decide_letter_reply",
        label="退回反馈",
        done="审核结果已记下。",
        told={"ledger_item.letter_reply_returned": "退回{letter}{number}的反馈：{words}"},
        permission=DRAFT,
        command=ask.Verdict,
        verb=decide_reply,
        open_when=step("return_reply"),
    ),
    Action(
        code="void",
        noun="voiding",
        label="作废",
        done="已作废，文号保留，不再使用。",
        told={
            "ledger_item.letter_voided": "作废{letter}{number}：{reason}",
            "letter.given_up": "放弃{letter}草稿：{reason}",
        },
        permission=DRAFT,
        command=ask.WithReason,
        verb=void,
        open_when=step("void"),
    ),
)


def addressed() -> list[LetterAction]:
    """Return one action for each address."""
    return list({action.noun: action for action in reversed(ACTIONS)}.values())[::-1]
