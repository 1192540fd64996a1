"""Which messages of the inbox are worth a credit, for which template, and the page that a tap on them opens. Pure.

The inbox has everything; what stands here is what somebody would miss if he did not open the program today.
A minor one waits for the next morning's 8:30, goes together with others, and leaves the last credit alone.
"""

from dataclasses import dataclass
from uuid import UUID

INBOX = "pages/inbox/inbox"
PAGES = {
    "ledger_item": "packages/ledger/pages/item/item",
    "case": "packages/ledger/pages/case/case",
}


@dataclass(frozen=True)
class Purpose:
    """The setting WECHAT_TEMPLATES has a template of this name; the phone asks for it (subscriptions)."""

    name: str
    is_minor: bool = False


WORK = Purpose("item_due")
DECIDED = Purpose("item_decided")
NOTED = Purpose("item_decided", is_minor=True)

# (deed, what the message in the inbox is about): what WeChat is told of it. The inbox has the office's own wording,
# which may quote a reporter or an item's title, so it stays here.
PURPOSES: dict[tuple[str, str], tuple[Purpose, str]] = {
    ("ledger_item.dispatched", "ledger_item"): (WORK, "请签收分办事项"),
    ("ledger_item.transferred", "ledger_item"): (WORK, "请签收转办事项"),
    ("ledger_item.reminded", "ledger_item"): (WORK, "改革办催办"),
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
    """The page that shows what a message is about, as WeChat wants it: without a leading slash."""
    return f"{PAGES[subject_kind]}?id={subject_id}"
