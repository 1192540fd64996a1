"""The ledger: the filtered list, and each item with its full history."""

from urllib.parse import urlencode
from uuid import UUID

import msgspec
from sanic import Blueprint, HTTPResponse, Request

from models.vocabulary import Light
from server import ledger, saved_views, tasks
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.ledger import ToDo
from server.ledger.viewing import LedgerView, narrowed
from server.people import Permission, may
from server.web.console.item_page import item_page
from server.web.console.ledger_links import filter_fields, ledger_link, ledger_query
from server.web.console.pages import long_page
from server.web.console.reading_forms import read_filter
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_ledger", url_prefix="/ledger")

SEE = desk(Permission.SEE_LEDGER)
PAGE = 50
KEPT = {"any": "有期限且已销号", "in_time": "按期销号", "late": "逾期销号"}


@blueprint.get("/", name="list", ctx_guard=SEE)
async def show_list(request: Request) -> HTTPResponse:
    """Show the items a filter finds, newest first, and their number."""
    actor, today = actor_of(request), business_date(tools_of(request).clock.now())
    wanted = msgspec.structs.replace(read_filter(request, LedgerView), limit=PAGE)
    known = await calendar()
    also = await narrowed(wanted, actor=actor, today=today, calendar=known)
    items, cursor = await ledger.page_of(actor, wanted, also=also)
    return await long_page(
        request,
        "ledger/list.html",
        lines=[(item, ledger.light_of(item, today=today, calendar=known)) for item in items],
        wanted=wanted,
        saved_views=await saved_views.views_of(actor, "ledger"),
        filter_fields=filter_fields(wanted),
        filter_query=ledger_query(wanted),
        export_fields=filter_fields(wanted),
        narrowings=narrowings(wanted),
        lights=list(Light),
        to_dos=list(ToDo) if may(actor.duties, Permission.DECIDE_ITEMS) else [],
        total=await ledger.count_of(actor, wanted, also=also),
        next_page=cursor and _address(wanted, cursor=cursor),
        first_page=ledger_link(wanted) if wanted.cursor else None,
        years=await ledger.years(actor),
        units=await ledger.lead_units(actor),
        tasks=await tasks.current_tasks(wanted.year or today.year),
    )


@blueprint.get("/<item_id:uuid>", name="item", ctx_guard=SEE)
async def show_item(request: Request, item_id: UUID) -> HTTPResponse:
    """Show one item; its reports are shown only to the office, because a unit sees the case, never the report."""
    return await item_page(request, item_id)


def narrowings(wanted: LedgerView) -> list[tuple[str, str, str]]:
    """Return the filters in force that have no field of their own on the page: name, value, words."""
    found = [("todo", wanted.todo.value, wanted.todo.label)] if wanted.todo else []
    if wanted.registered_in:
        found.append(("registered_in", wanted.registered_in, f"{_month(wanted.registered_in)}挂号"))
    if wanted.closed_in:
        found.append(("closed_in", wanted.closed_in, f"{_month(wanted.closed_in)}销号"))
    if wanted.kept:
        found.append(("kept", wanted.kept, KEPT[wanted.kept]))
    if wanted.official_id:
        found.append(("official_id", str(wanted.official_id), "一位牵头领导的任务"))
    if wanted.registered_until:
        found.append(
            ("registered_until", wanted.registered_until.isoformat(), f"{wanted.registered_until}以前挂号")
        )
    return found


def _month(month: str) -> str:
    return f"{month[:4]}年{int(month[5:])}月"


def _address(wanted: LedgerView, *, cursor: str) -> str:
    """Return the address of the same list, further down."""
    return f"/console/ledger?{urlencode(filter_fields(wanted) | {'cursor': cursor})}"
