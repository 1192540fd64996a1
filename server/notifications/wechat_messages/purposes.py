"""Which inbox messages are worth a credit, under which template, and the page a tap on them opens. Pure.

The inbox has everything; listed here is what people would miss if they did not open the program today.
Minor messages wait for 8:30 the next morning, are combined with others, and leave the last credit alone.
"""

from dataclasses import dataclass
from uuid import UUID

INBOX = "pages/inbox/inbox"
PAGES = {
    "ledger_item": "packages/ledger/pages/item/item",
    "case": "packages/ledger/pages/case/case",
    "site_visit": "packages/visits/pages/visit/visit",
    "visit_result": "packages/visits/pages/result/result",
    "letter": "packages/letters/pages/letter/letter",
}


@dataclass(frozen=True)
class Purpose:
    """The purpose of a message: the setting WECHAT_TEMPLATES has a template of this name, which the phone asks for."""

    name: str
    is_minor: bool = False


WORK = Purpose("item_due")
DECIDED = Purpose("item_decided")
NOTED = Purpose("item_decided", is_minor=True)

# (event, what the message in the inbox is about): what WeChat is told of it. The inbox has the office's own wording,
# which may quote a reporter or an item's title, so it stays here.
PURPOSES: dict[tuple[str, str], tuple[Purpose, str]] = {
    ("ledger_item.dispatched", "ledger_item"): (WORK, "请签收分办事项"),
    ("ledger_item.transferred", "ledger_item"): (WORK, "请签收转办事项"),
    ("ledger_item.reminded", "ledger_item"): (WORK, "改革办催办"),
    ("ledger_item.letter_reply_returned", "letter"): (WORK, "函件反馈被退回"),
    ("letter.submitted", "letter"): (WORK, "有函件待签发"),
    ("site_visit.published", "site_visit"): (NOTED, "邀请您参加观摩"),
    ("score_round.published", "visit_result"): (NOTED, "观摩结果已公布"),
    ("score_round.confirmed", "visit_result"): (NOTED, "观摩结果已更正"),
    ("case.released", "case"): (WORK, "改革办转来一份转办件"),
    ("ledger_item.close_out_refused", "ledger_item"): (DECIDED, "销号申请被退回"),
    ("ledger_item.extension_refused", "ledger_item"): (DECIDED, "延期未同意"),
    ("ledger_item.retention_refused", "ledger_item"): (DECIDED, "留号未同意"),
    ("ledger_item.extension_granted", "ledger_item"): (NOTED, "延期已同意"),
    ("ledger_item.due_postponed", "ledger_item"): (NOTED, "办理期限已延后"),
    ("ledger_item.due_recomputed", "ledger_item"): (NOTED, "办理期限有变化"),
    ("ledger_item.retained", "ledger_item"): (NOTED, "事项已留号"),
    ("ledger_item.closed", "ledger_item"): (NOTED, "事项已销号"),
}

# What reporters are told of in the day's digest (digesting.py), and the templates that may carry it.
DIGESTED = (
    "observation.more_asked",
    "observation.office_wrote",
    "observation.registered",
    "observation.declined",
    "ledger_item.closed",
)
OF_REPORTERS = ("report_answered", "recheck")


def page_of(subject_kind: str, subject_id: UUID) -> str:
    """Return the page that shows what a message is about, in WeChat's form without a leading slash."""
    return f"{PAGES[subject_kind]}?id={subject_id}"
