"""The ledger and the task list on phones, as far as this person may see them."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from server import ledger, people, policies, tasks
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.ledger import LedgerView
from server.ledger.dispatching import WORKERS
from server.ledger.reading import BadCursor
from server.people import Permission
from server.web.door.admission import tools_of
from server.web.door.guards import phone
from server.web.door.operations import actor_of, answer, operation
from server.web.door.tags import tagged
from server.web.miniapp.item_cards import item_card
from server.web.miniapp.ledger_cards import (
    LINE_FIELDS,
    CategoryLine,
    LedgerItemCard,
    LedgerPage,
    TaskPage,
    UnitLine,
    UnitList,
    ledger_line,
    task_line,
)

blueprint = Blueprint("ledger")


class TaskFilter(Struct, frozen=True, forbid_unknown_fields=True):
    """The year of the tasks; this year if not given."""

    year: Annotated[int, Meta(ge=2000, le=2100)] | None = None


@operation(
    blueprint,
    "GET",
    "/ledger-items",
    summary="台账列表",
    guard=phone(Permission.SEE_LEDGER),
    query=LedgerView,
    answers={200: LedgerPage},
    refusals=(BadCursor,),
)
async def list_ledger_items(request: Request, query: LedgerView) -> HTTPResponse:
    """Return the items this person may see, newest first; `total` is the length of the whole list."""
    actor, today = actor_of(request), business_date(tools_of(request).clock.now())
    known = await calendar()
    also = await ledger.narrowed(query, actor=actor, today=today, calendar=known)
    items, cursor = await ledger.page_of(actor, query, also=also, only=LINE_FIELDS)
    total = await ledger.count_of(actor, query, also=also)
    lines = [
        ledger_line(item, ledger.light_of(item, today=today, calendar=known), to=actor) for item in items
    ]
    return answer(LedgerPage(lines, cursor, total))


@operation(
    blueprint,
    "GET",
    "/ledger-items/<item_id:uuid>",
    summary="台账条目",
    guard=phone(Permission.SEE_LEDGER),
    answers={200: LedgerItemCard, 304: None},
)
async def see_ledger_item(request: Request, item_id: UUID) -> HTTPResponse:
    """Return an item with its timeline and the steps its state allows."""
    item = await ledger.item_seen_by(actor_of(request), item_id)
    return tagged(request, answer(await item_card(request, item)))


@operation(
    blueprint,
    "GET",
    "/tasks",
    summary="年度任务清单",
    guard=phone(Permission.SUBMIT_OBSERVATION),
    query=TaskFilter,
    answers={200: TaskPage},
)
async def list_tasks(request: Request, query: TaskFilter) -> HTTPResponse:
    """Return the current tasks of a year and the city's categories, to choose them for a report."""
    year = query.year or business_date(tools_of(request).clock.now()).year
    categories = (await policies.in_force()).categories
    return answer(
        TaskPage(
            year,
            [task_line(task) for task in await tasks.current_tasks(year)],
            [
                CategoryLine(one.code, one.label, one.hint, list(one.words), one.text_only)
                for one in categories.all
                if one.is_on
            ],
        )
    )


@operation(
    blueprint,
    "GET",
    "/units",
    summary="可以承办的单位",
    guard=phone(Permission.DECIDE_ITEMS),
    answers={200: UnitList},
)
async def list_units(_: Request) -> HTTPResponse:
    """Return the units that can be given work, in the office's order."""
    units = [one for _, one in await people.organisation_tree() if one.kind in WORKERS]
    return answer(UnitList([UnitLine(one.id, one.name, one.short_name) for one in units]))
