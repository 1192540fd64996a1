"""What the ledger reminds people of: deadlines, items that nobody acknowledged, and reviews of retained items."""

from collections.abc import Awaitable, Callable, Collection
from datetime import date
from uuid import UUID

from tortoise import connections

from models import LedgerItem
from models.vocabulary import LedgerState as S
from models.vocabulary import Recipient, Role
from server import reminders
from server.kernel.clock import business_date
from server.reminders import Kind, Matter

DUE, UNSIGNED, REVIEW = "item_due", "item_unsigned", "item_review"
# Conditions in the words of their partial indexes, so that the database answers from them.
SIGNED_ON = "(dispatched_at AT TIME ZONE 'Asia/Shanghai')::date"
WHERE = {
    DUE: ("due_on", "state IN ('dispatched', 'in_progress')"),
    UNSIGNED: (SIGNED_ON, "state = 'dispatched'"),
    REVIEW: ("next_review_on", "state = 'retained'"),
}
ENDED_BY = {  # an item's event: why its reminders end
    "acknowledged": "已签收",
    "closed": "已销号",
    "merged": "已并号",
    "voided": "已作废",
    "close_out_asked": "已申请销号",
    "extension_granted": "已延期",
    "due_postponed": "期限已延后",
    "due_recomputed": "期限已调整",
    "retained": "已留号",
    "resumed": "已恢复办理",
    "transferred": "已移交",
    "recalled": "已撤回分办",
    "returned": "已退回",
}
MOVED = {"dispatched", "transferred", "recalled", "returned"}  # the people of the item are others now


async def settle_reminders(item: LedgerItem, event: str, *, by: UUID | None) -> None:
    """End the reminders whose cause this change of an item took away, in its transaction."""
    still = [] if event in MOVED else [(kind, deadline(item, kind)) for kind in WHERE]
    await reminders.settle(item.id, still=still, by=by, because=ENDED_BY.get(event, "情况已变化"))


def deadline(item: LedgerItem, kind: str) -> date | None:
    """Return an item's deadline of a kind, or None if it has none now. Pure."""
    match kind, item.state:
        case "item_due", S.DISPATCHED | S.IN_PROGRESS:
            return item.due_on
        case "item_unsigned", S.DISPATCHED:
            return business_date(item.dispatched_at) if item.dispatched_at else None
        case "item_review", S.RETAINED:
            return item.next_review_on
    return None


async def matters_of(item_ids: Collection[UUID], kind: str, *, on: date) -> list[Matter]:
    """Return items as matters of a kind, with their people of a day; items without such a deadline are left out."""
    found = LedgerItem.filter(id__in=list(item_ids)).select_related("lead_unit", "task")
    items = [item for item in await found if deadline(item, kind)]
    units = {item.lead_unit_id for item in items if item.lead_unit_id}
    contacts = await reminders.holders_of(Role.DEPARTMENT_CONTACT, units, on=on)
    leaders = await reminders.holders_of(Role.LEADING_OFFICIAL, units, on=on)
    offices = await reminders.leads_of({item.organisation_id for item in items}, on=on)
    return [
        Matter(
            subject_id=item.id,
            due_on=due_on,
            number=item.number_text,
            title=item.title,
            round=item.round,
            unit=item.lead_unit.short_name if item.lead_unit else "",
            people={
                Recipient.COMMISSIONER: (item.commissioner_id,) if item.commissioner_id else (),
                Recipient.CONTACT: contacts.get(item.lead_unit_id, ()),
                Recipient.LEADING_OFFICIAL: (item.task.leading_official_id,)
                if item.task
                else leaders.get(item.lead_unit_id, ()),
                Recipient.OFFICE: offices.get(item.organisation_id, ()),
            },
        )
        for item in items
        if (due_on := deadline(item, kind))
    ]


def _earliest(kind: str) -> Callable[[], Awaitable[date | None]]:
    column, condition = WHERE[kind]

    async def earliest() -> date | None:
        rows = await connections.get("default").execute_query_dict(
            f"SELECT min({column}) AS day FROM ledger_item WHERE {condition}"  # noqa: S608
        )
        day: date | None = rows[0]["day"]
        return day

    return earliest


def _due_on(kind: str) -> Callable[[Collection[date], date], Awaitable[list[Matter]]]:
    column, condition = WHERE[kind]
    asked = f"SELECT id FROM ledger_item WHERE {condition} AND {column} = ANY ($1::date[])"  # noqa: S608

    async def due_on(days: Collection[date], on: date) -> list[Matter]:
        rows = await connections.get("default").execute_query_dict(asked, [list(days)])
        return await matters_of([row["id"] for row in rows], kind, on=on)

    return due_on


def _still_due(kind: str) -> Callable[[Collection[UUID], date], Awaitable[list[Matter]]]:
    async def still_due(item_ids: Collection[UUID], on: date) -> list[Matter]:
        return await matters_of(item_ids, kind, on=on)

    return still_due


for _code, _label, _after in (
    (DUE, "事项办理期限", "逾期"),
    (UNSIGNED, "分办事项签收", "分办后"),
    (REVIEW, "留号事项复核", "过复核日期"),
):
    reminders.reminds_of(
        Kind(
            _code,
            _label,
            "ledger_item",
            _earliest(_code),
            _due_on(_code),
            _still_due(_code),
            page="packages/ledger/pages/item/item",
            after=_after,
        )
    )
