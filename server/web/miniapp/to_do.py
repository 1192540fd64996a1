"""The to-do list: all that waits for this person in one answer, the earliest deadline first."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from server import ledger, letters, observations
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.kernel.set_sql import count_each
from server.ledger import LedgerFilter, ToDo
from server.ledger.reading import visible
from server.people import Actor, Permission, may
from server.web.door.admission import tools_of
from server.web.door.guards import phone
from server.web.door.letter_kinds import letter_kinds
from server.web.door.operations import actor_of, answer, operation
from server.web.miniapp.ledger_cards import LedgerLine, ledger_line

blueprint = Blueprint("to_do")


class Waiting(Struct):
    """An office queue and its length; `key` is a queue of /reviews, or a `todo` of /ledger-items or /letters."""

    key: str
    label: str
    count: int


class ToDoCard(Struct):
    """What waits for a person: the items they answer for and, for the office, its queues and their lengths.

    Pass `cursor` to get the next items.
    """

    words: str
    items: list[LedgerLine]
    cursor: UUID | None
    total: int
    waiting: list[Waiting]
    with_office: int


class ToDoPage(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which page of items to return; `cursor` is the id of the last item on the previous page."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 20
    cursor: UUID | None = None


@operation(
    blueprint, "GET", "/to-do", summary="我的待办", guard=phone(), query=ToDoPage, answers={200: ToDoCard}
)
async def see_to_do(request: Request, query: ToDoPage) -> HTTPResponse:
    """Return the items a person answers for by deadline, and what waits for their decision; empty for reporters."""
    actor, today = actor_of(request), business_date(tools_of(request).clock.now())
    known = await calendar()
    work = await ledger.own_work(actor, today=today, calendar=known, after=query.cursor, limit=query.limit)
    waiting = await _reviews(actor, today=today) + await _decisions(actor, today=today)
    waiting += await _letters(request, actor)
    lines = [
        ledger_line(item, ledger.light_of(item, today=today, calendar=known), to=actor)
        for item in (work.items if work else [])
    ]
    return answer(
        ToDoCard(
            words=ledger.digest(work) if work else _office_words(waiting),
            items=lines,
            cursor=work.cursor if work else None,
            total=work.total if work else 0,
            waiting=waiting,
            with_office=work.with_office if work else 0,
        )
    )


async def _reviews(actor: Actor, *, today: date) -> list[Waiting]:
    if not may(actor.duties, Permission.REVIEW_OBSERVATIONS):
        return []
    waiting, overdue = await count_each(
        [observations.in_line(actor), observations.in_line(actor, promised_before=today)]
    )
    return [Waiting("waiting", "待审核的上报", waiting), Waiting("overdue", "超期未审核", overdue)]


async def _decisions(actor: Actor, *, today: date) -> list[Waiting]:
    if not may(actor.duties, Permission.DECIDE_ITEMS):
        return []
    mine = ledger.wanted(actor, LedgerFilter()).filter(visible(actor, Permission.DECIDE_ITEMS))
    counts = await count_each([mine.filter(ledger.waiting_for(actor, what, today=today)) for what in ToDo])
    return [Waiting(what.value, what.label, count) for what, count in zip(ToDo, counts, strict=True)]


async def _letters(request: Request, actor: Actor) -> list[Waiting]:
    found = await letters.count_waiting(actor, kinds=letter_kinds(request))
    return [Waiting(what.value, what.label, count) for what, count in found.items()]


def _office_words(waiting: list[Waiting]) -> str:
    total = sum(one.count for one in waiting if one.key != "overdue")
    return f"有{total}件等您处理。" if total else "没有待办事项。"
