"""The actions on a ledger item, each declared once for the API, the console, batches and the phone's own table."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import date

from models import LedgerItem
from server.kernel.refusal import Refusal
from server.ledger import commands as ask
from server.ledger import permitting as rule
from server.ledger import refusals as no
from server.ledger.amending import amend
from server.ledger.closing import decide_close_out, request_close_out
from server.ledger.commands import Deed, Result
from server.ledger.dispatching import acknowledge, dispatch, give_back, transfer
from server.ledger.extending import ask_extension, decide_extension
from server.ledger.joining import merge, re_register, split, void
from server.ledger.pending import Pending
from server.ledger.permitting import Rule, Standing, step
from server.ledger.reading import visible
from server.ledger.reporting import report_progress
from server.ledger.retaining import ask_retention, decide_retention, resume, retain
from server.ledger.urging import postpone, remind
from server.people import Actor, Permission, may
from server.people.answering import NotItsCommissioner

DECIDE, HANDLE = Permission.DECIDE_ITEMS, Permission.HANDLE_ITEMS


@dataclass(frozen=True, kw_only=True)
class Action:
    """An action on an item: its names, who may do it and when, what it asks for, and the command behind it.

    An action without an `operation` exists only on the console. Two actions may share a noun: they are two answers.
    """

    code: str  # among the open actions in the API
    noun: str  # the item's sub-resource, its address
    operation: str = ""  # its name in the API contract
    label: str
    done: str  # what is said when it is done
    permission: Permission
    command: type[Deed]
    verb: Callable[..., Awaitable[Result]]
    open_when: Rule
    refusals: tuple[type[Refusal], ...] = ()  # besides a wrong step and a stale version
    in_batches: bool = False


ACTIONS: tuple[Action, ...] = (
    Action(
        code="dispatch",
        noun="dispatches",
        operation="dispatch_item",
        label="分办",
        done="已分办。",
        permission=DECIDE,
        command=ask.Dispatch,
        verb=dispatch,
        open_when=step("dispatch"),
        refusals=(no.NotAUnit, no.DateNotAhead, no.DeadlineNeedsReason, NotItsCommissioner),
        in_batches=True,
    ),
    Action(
        code="transfer",
        noun="transfers",
        operation="transfer_item",
        label="转办",
        done="已转办，期限不变。",
        permission=DECIDE,
        command=ask.Transfer,
        verb=transfer,
        open_when=step("transfer"),
        refusals=(no.NotAUnit,),
        in_batches=True,
    ),
    Action(
        code="remind",
        noun="reminders",
        label="催办",
        done="已催办。",
        permission=DECIDE,
        command=ask.Reminder,
        verb=remind,
        open_when=rule.may_urge,
        in_batches=True,
    ),
    Action(
        code="postpone",
        noun="postponements",
        label="延长期限",
        done="已延长期限。",
        permission=DECIDE,
        command=ask.Postponement,
        verb=postpone,
        open_when=rule.may_urge,
        refusals=(no.DateNotAhead,),
        in_batches=True,
    ),
    Action(
        code="close_out",
        noun="close-out-decisions",
        operation="decide_item_close_out",
        label="审核销号",
        done="审核结果已记下。",
        permission=DECIDE,
        command=ask.CloseOutDecision,
        verb=decide_close_out,
        open_when=rule.may_close,
        refusals=(no.AskerMayNotDecide, no.OpenChildren, no.ReasonNotChosen),
    ),
    Action(
        code="reject",
        noun="close-out-decisions",
        operation="decide_item_close_out",
        label="退回销号申请",
        done="审核结果已记下。",
        permission=DECIDE,
        command=ask.CloseOutDecision,
        verb=decide_close_out,
        open_when=rule.may_send_back,
    ),
    Action(
        code="decide_extension",
        noun="extension-decisions",
        operation="decide_item_extension",
        label="审核延期",
        done="审核结果已记下。",
        permission=DECIDE,
        command=ask.Decision,
        verb=decide_extension,
        open_when=rule.may_decide_extension,
        refusals=(no.AskerMayNotDecide,),
    ),
    Action(
        code="decide_retention",
        noun="retention-decisions",
        operation="decide_item_retention",
        label="审核留号",
        done="审核结果已记下。",
        permission=DECIDE,
        command=ask.Decision,
        verb=decide_retention,
        open_when=rule.may_decide_retention,
        refusals=(no.AskerMayNotDecide,),
    ),
    Action(
        code="retain",
        noun="retentions",
        operation="retain_item",
        label="留号",
        done="已留号，到复核日期会出现在待办里。",
        permission=DECIDE,
        command=ask.Retention,
        verb=retain,
        open_when=rule.may_retain,
        refusals=(no.DateNotAhead,),
    ),
    Action(
        code="resume",
        noun="resumptions",
        operation="resume_item",
        label="恢复办理",
        done="已恢复办理。",
        permission=DECIDE,
        command=ask.Because,
        verb=resume,
        open_when=step("resume"),
    ),
    Action(
        code="merge",
        noun="mergers",
        operation="merge_item",
        label="并号",
        done="已并号。",
        permission=DECIDE,
        command=ask.Merger,
        verb=merge,
        open_when=step("merge"),
    ),
    Action(
        code="split",
        noun="splits",
        operation="split_item",
        label="拆分",
        done="已拆分。",
        permission=DECIDE,
        command=ask.Splitting,
        verb=split,
        open_when=rule.may_split,
    ),
    Action(
        code="amend",
        noun="amendments",
        label="修改内容",
        done="已修改。",
        permission=DECIDE,
        command=ask.Amendment,
        verb=amend,
        open_when=rule.may_amend,
        refusals=(no.FixedOnceDispatched, no.NotAUnit),
    ),
    Action(
        code="void",
        noun="voidings",
        operation="void_item",
        label="作废",
        done="已作废，编号保留，不再使用。",
        permission=DECIDE,
        command=ask.Because,
        verb=void,
        open_when=step("void"),
    ),
    Action(
        code="re_register",
        noun="re-registrations",
        operation="re_register_item",
        label="重新挂号",
        done="已重新挂号，请分办。",
        permission=DECIDE,
        command=ask.Because,
        verb=re_register,
        open_when=step("re_register"),
    ),
    Action(
        code="acknowledge",
        noun="acknowledgements",
        operation="acknowledge_item",
        label="签收",
        done="已签收。",
        permission=HANDLE,
        command=ask.Deed,
        verb=acknowledge,
        open_when=step("acknowledge"),
    ),
    Action(
        code="return_back",
        noun="returns",
        operation="return_item",
        label="退回改革办",
        done="已退回改革办。",
        permission=HANDLE,
        command=ask.GivingBack,
        verb=give_back,
        open_when=step("return_back"),
        refusals=(no.ReasonNotChosen,),
    ),
    Action(
        code="report_progress",
        noun="progress-reports",
        operation="report_item_progress",
        label="填报进展",
        done="已填报进展。",
        permission=HANDLE,
        command=ask.Progress,
        verb=report_progress,
        open_when=rule.may_report,
    ),
    Action(
        code="ask_extension",
        noun="extensions",
        operation="ask_item_extension",
        label="申请延期",
        done="已申请延期，等待改革办审核。",
        permission=HANDLE,
        command=ask.AskExtension,
        verb=ask_extension,
        open_when=rule.may_ask_extension,
        refusals=(no.DateNotAhead, no.ExtensionTooLate),
    ),
    Action(
        code="ask_retention",
        noun="retention-requests",
        operation="ask_item_retention",
        label="申请留号",
        done="已申请留号，等待改革办审核。",
        permission=HANDLE,
        command=ask.AskRetention,
        verb=ask_retention,
        open_when=rule.may_ask_retention,
        refusals=(no.DateNotAhead,),
    ),
    Action(
        code="request_close_out",
        noun="close-out-requests",
        operation="ask_item_close_out",
        label="申请销号",
        done="已申请销号，等待改革办审核。",
        permission=HANDLE,
        command=ask.AskCloseOut,
        verb=request_close_out,
        open_when=rule.may_ask_close_out,
        refusals=(no.EvidenceMissing, no.OpenChildren),
    ),
)


def addressed() -> list[Action]:
    """Return one action for each address."""
    return list({action.noun: action for action in reversed(ACTIONS)}.values())[::-1]


def action_named(code: str) -> Action:
    """Return the action with this code."""
    return next(action for action in ACTIONS if action.code == code)


async def permissions_reaching(actor: Actor, item: LedgerItem) -> set[Permission]:
    """Return the actor's permissions that reach this very item: permission to see does not include to decide."""
    return {
        permission
        for permission in (DECIDE, HANDLE)
        if may(actor.duties, permission)
        and await LedgerItem.filter(visible(actor, permission), id=item.id).exists()
    }


def actions_open_to(
    actor: Actor,
    item: LedgerItem,
    *,
    permissions: Collection[Permission],
    pending: Pending,
    has_open_children: bool,
    today: date,
) -> list[str]:
    """Return the codes of the actions open to this actor on an item now, in the table's order. Pure.

    `permissions` are those that reach the item. A page offers exactly these; the commands check again, because a page
    may be out of date.
    """
    at = Standing(item, pending, has_open_children, today, actor.person.id)
    return [one.code for one in ACTIONS if one.permission in permissions and one.open_when(at)]
