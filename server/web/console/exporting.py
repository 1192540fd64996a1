"""Exports on the console: request the ledger as a spreadsheet, follow its progress, download it while it is kept."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

import msgspec
from sanic import Blueprint, HTTPResponse, Request

from models import Export
from server import exports, ledger
from server.exports import Book
from server.exports.asking import UNFINISHED
from server.kernel.clock import SHANGHAI
from server.people import Permission, may
from server.web.console.ledger_links import filter_fields
from server.web.console.pages import go_to, is_part, page
from server.web.console.paging import WhichPage
from server.web.console.reading_forms import read_filter, read_form, ticked
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_exports", url_prefix="/exports")

PAGES = {  # the page with the list of each book
    "ledger": "/console/ledger",
    "reports": "/console/review",
    "letters": "/console/letters/register",
    "cases": "/console/cases",
    "problems": "/console/problems",
    "missions": "/console/missions",
    "team": "/console/team",
    "people": "/console/people",
    "journal": "/console/journal",
}
BOX = "item-"  # a box for each chosen item, named by its id
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class ExportRow:
    """An export as listed, and the list it was taken from."""

    export: Export
    title: str
    link: str
    is_unfinished: bool


@blueprint.get("/", name="list", ctx_guard=desk())
async def show_list(request: Request) -> HTTPResponse:
    """Show the person's own exports and their progress; htmx polls for the lines alone."""
    actor = actor_of(request)
    here = read_filter(request, WhichPage).page
    found, has_more = await exports.exports_of(actor, page=here)
    lines = [_line(one) for one in found]
    waits = any(line.is_unfinished for line in lines)
    shown: dict[str, Any] = {"lines": lines, "waits": waits, "here": here, "has_more": has_more}
    if is_part(request):
        return await page(request, "exports/lines.html", **shown)
    years = await ledger.years(actor) if may(actor.duties, Permission.SEE_LEDGER) else []
    return await page(request, "exports/list.html", years=years, **shown)


def _asking(book: Book) -> Callable[[Request], Coroutine[Any, Any, HTTPResponse]]:
    async def ask(request: Request) -> HTTPResponse:
        """Request an export of what a list's filter finds; the form has the same fields as the list."""
        wanted, now = read_form(request, book.shape), tools_of(request).clock.now()
        await exports.ask_export(wanted, kind=book.kind, by=actor_of(request), now=now)
        return go_to(request, "/console/exports")

    return ask


for one in exports.BOOKS.values():
    blueprint.add_route(
        _asking(one),
        f"/{one.kind}",
        methods=["POST"],
        name=f"ask_{one.kind}",
        ctx_guard=desk(one.permission, csrf=True),
    )


@blueprint.post("/sheets", name="ask_sheets", ctx_guard=desk(Permission.SEE_LEDGER, csrf=True))
async def ask_sheets(request: Request) -> HTTPResponse:
    """Request the printed sheets of the chosen items."""
    item_ids, now = ticked(request, BOX), tools_of(request).clock.now()
    await exports.ask_sheets(item_ids, by=actor_of(request), now=now)
    return go_to(request, "/console/exports")


@blueprint.get("/<export_id:uuid>/file", name="file", ctx_guard=desk())
async def send(request: Request, export_id: UUID) -> HTTPResponse:
    """Send the file to the person who requested it."""
    tools = tools_of(request)
    export, content = await exports.fetch(
        export_id,
        by=actor_of(request),
        storage=tools.storage,
        keys=tools.keys,
        now=tools.clock.now(),
    )
    title, ending, content_type = _as_file(export)
    name = f"{title}{export.asked_at.astimezone(SHANGHAI):%Y%m%d-%H%M}.{ending}"
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return HTTPResponse(content, headers=headers, content_type=content_type)


def _as_file(export: Export) -> tuple[str, str, str]:
    """Return a file's title, extension and content type."""
    if export.kind == exports.SHEETS:
        return "督察事项办理情况表", "pdf", "application/pdf"
    if export.kind == exports.LETTER:
        return f"{export.wanted['number']}-", "pdf", "application/pdf"
    book = exports.BOOKS.get(export.kind)
    return book.title if book else "导出", "xlsx", SHEET


def _line(export: Export) -> ExportRow:
    if export.kind == exports.SHEETS:
        return ExportRow(export, "办理情况表（PDF）", "/console/ledger", export.state in UNFINISHED)
    if export.kind == exports.LETTER:
        title, link = f"{export.wanted['number']}（PDF）", f"/console/ledger/{export.wanted['item_id']}"
        return ExportRow(export, title, link, export.state in UNFINISHED)
    book = exports.BOOKS.get(export.kind)
    if book is None:  # a list from an earlier or later version of this program
        return ExportRow(export, "其他", "/console", export.state in UNFINISHED)
    query = urlencode(filter_fields(msgspec.convert(export.wanted, book.shape)))
    link = f"{PAGES[export.kind]}?{query}" if query else PAGES[export.kind]
    return ExportRow(export, book.title, link, export.state in UNFINISHED)
