"""One's own work: the items a visitor answers for, what is due first on top, told in one sentence (C1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models import LedgerItem
from models.vocabulary import LedgerState as S
from server.ledger.reading import visible
from server.people import Act, Visitor, may
from server.workdays import Calendar, say

SOON_DAYS = 3
MOST = 100
TO_DO = (S.DISPATCHED, S.IN_PROGRESS)


@dataclass(frozen=True)
class OwnWork:
    """What somebody has to do: the items in the order of their deadlines, and how many of which sort."""

    items: list[LedgerItem]
    total: int
    to_acknowledge: int
    overdue: int
    due_soon: int
    with_office: int  # asked to be closed, waiting for the office


async def own_work(visitor: Visitor, *, today: date, calendar: Calendar) -> OwnWork | None:
    """The work of a visitor who handles items, None for everybody else; the first hundred items are listed."""
    if not may(visitor.duties, Act.HANDLE_ITEMS):
        return None
    mine = LedgerItem.filter(visible(visitor, Act.HANDLE_ITEMS)).distinct()
    soon = calendar.due(today, SOON_DAYS).on
    work = mine.filter(state__in=TO_DO)
    items = (
        await work.order_by("due_on", "registered_at", "id").limit(MOST).select_related("lead_unit", "task")
    )
    return OwnWork(
        items=items,
        total=await work.count(),
        to_acknowledge=await work.filter(state=S.DISPATCHED).count(),
        overdue=await work.filter(due_on__lt=today).count(),
        due_soon=await work.filter(due_on__gte=today, due_on__lte=soon).count(),
        with_office=await mine.filter(state=S.CLOSING).count(),
    )


def digest(work: OwnWork) -> str:
    """All of somebody's work in one sentence, instead of a message for each item. Pure."""
    if not work.total:
        return "没有待办事项。"
    parts = [
        f"{count}件{words}"
        for count, words in (
            (work.overdue, "已逾期"),
            (work.due_soon, "三个工作日内到期"),
            (work.to_acknowledge, "待签收"),
        )
        if count
    ]
    return f"您有{work.total}件待办{_more(parts)}{_first(work.items)}。"


def _more(parts: Sequence[str]) -> str:
    return f"：{'，'.join(parts)}" if parts else ""


def _first(items: Sequence[LedgerItem]) -> str:
    due = next((item.due_on for item in items if item.due_on), None)
    return f"；最早一件期限{say(due)}" if due else ""
