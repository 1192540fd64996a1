"""The ledger: the list with its filters, and one item with everything that happened to it."""

from urllib.parse import urlencode
from uuid import UUID

import msgspec
from sanic import Blueprint, HTTPResponse, Request

from server import ledger, tasks
from server.clock import business_date
from server.console.item_page import item_page
from server.console.pages import page
from server.console.reading_forms import read_filter
from server.door.arriving import tools_of
from server.door.guards import desk
from server.door.operations import visitor_of
from server.ledger import LedgerFilter
from server.people import Act

blueprint = Blueprint("console_ledger", url_prefix="/ledger")

SEE = desk(Act.SEE_LEDGER)
PAGE = 50


@blueprint.get("/", name="list", ctx_guard=SEE)
async def show_list(request: Request) -> HTTPResponse:
    """The items a filter finds, newest first, and how many there are."""
    visitor = visitor_of(request)
    wanted = msgspec.structs.replace(read_filter(request, LedgerFilter), limit=PAGE)
    items, cursor = await ledger.page_of(visitor, wanted)
    year = wanted.year or business_date(tools_of(request).clock.now()).year
    return await page(
        request,
        "ledger/list.html",
        items=items,
        wanted=wanted,
        total=await ledger.count_of(visitor, wanted),
        next_page=cursor and _address(wanted, cursor=cursor),
        first_page=_address(wanted, cursor=None) if wanted.cursor else None,
        years=await ledger.years(visitor),
        units=await ledger.lead_units(visitor),
        tasks=await tasks.current_tasks(year),
    )


@blueprint.get("/<item_id:uuid>", name="item", ctx_guard=SEE)
async def show_item(request: Request, item_id: UUID) -> HTTPResponse:
    """One item; its reports only for the office, because a unit sees the case and never the report."""
    return await item_page(request, item_id)


def _address(wanted: LedgerFilter, *, cursor: str | None) -> str:
    """The list again, elsewhere in it."""
    values = {
        "q": wanted.q,
        "state": wanted.state,
        "kind": wanted.kind,
        "year": wanted.year,
        "task_id": wanted.task_id,
        "lead_unit_id": wanted.lead_unit_id,
        "registered_on": wanted.registered_on,
        "cursor": cursor,
    }
    query = urlencode({name: str(value) for name, value in values.items() if value})
    return f"/console/ledger?{query}" if query else "/console/ledger"
