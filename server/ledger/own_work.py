"""The actor's own work: the items they answer for, the earliest deadline first, summed up in one sentence (C1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tortoise.expressions import Q

from models import LedgerItem
from models.vocabulary import LedgerState as S
from server.kernel.set_sql import count_each
from server.kernel.workdays import Calendar, say
from server.ledger.reading import visible
from server.ledger.status_light import due_soon
from server.people import Actor, Permission, may

MOST = 100
IN_ORDER = ("due_on", "registered_at", "id")
TO_DO = (S.DISPATCHED, S.IN_PROGRESS)


@dataclass(frozen=True)
class OwnWork:
    """A person's work: the items in the order of their deadlines, and how many of each sort."""

    items: list[LedgerItem]
    cursor: UUID | None  # of the next page of items
    total: int
    to_acknowledge: int
    overdue: int
    due_soon: int
    first_due: date | None
    with_office: int  # close-out requested, waiting for the office


async def own_work(
    actor: Actor, *, today: date, calendar: Calendar, after: UUID | None = None, limit: int = MOST
) -> OwnWork | None:
    """Return the work of an actor who handles items, None for others; only the items after `after`, if given."""
    if not may(actor.duties, Permission.HANDLE_ITEMS):
        return None
    mine = LedgerItem.filter(visible(actor, Permission.HANDLE_ITEMS))
    work = mine.filter(state__in=TO_DO)
    last = await mine.filter(id=after).first() if after else None
    page = work.filter(_behind(last)) if last else work
    found = await page.order_by(*IN_ORDER).limit(limit + 1).select_related("lead_unit", "task")
    first = await work.order_by(*IN_ORDER).first() if last else next(iter(found), None)
    total, to_acknowledge, overdue, soon, with_office = await count_each(
        [
            work,
            work.filter(state=S.DISPATCHED),
            work.filter(due_on__lt=today),
            work.filter(due_soon(today, calendar=calendar)),
            mine.filter(state=S.CLOSING),
        ]
    )
    return OwnWork(
        items=found[:limit],
        cursor=found[limit - 1].id if len(found) > limit else None,
        total=total,
        to_acknowledge=to_acknowledge,
        overdue=overdue,
        due_soon=soon,
        first_due=first.due_on if first else None,
        with_office=with_office,
    )


async def first_work(actor: Actor, *, limit: int) -> list[LedgerItem]:
    """Return the first items of an actor's work, in the order of `own_work`."""
    mine = LedgerItem.filter(visible(actor, Permission.HANDLE_ITEMS), state__in=TO_DO)
    return await mine.order_by(*IN_ORDER).limit(limit).select_related("lead_unit", "task")


def _behind(last: LedgerItem) -> Q:
    """Return what follows an item in the order of deadlines; items without a deadline come last. Pure."""
    later = Q(registered_at__gt=last.registered_at) | Q(registered_at=last.registered_at, id__gt=last.id)
    if last.due_on is None:
        return Q(due_on__isnull=True) & later
    return Q(due_on__gt=last.due_on) | Q(due_on__isnull=True) | (Q(due_on=last.due_on) & later)


def digest(work: OwnWork) -> str:
    """Sum up a person's work in one sentence, instead of one message per item. Pure."""
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
    return f"您有{work.total}件待办{_more(parts)}{_first(work.first_due)}。"


def _more(parts: Sequence[str]) -> str:
    return f"：{'，'.join(parts)}" if parts else ""


def _first(due: date | None) -> str:
    return f"；最早一件期限{say(due)}" if due else ""
