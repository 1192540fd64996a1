"""Exports on the desk: ask for the ledger as a sheet, watch it being made, fetch it while it is kept."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode
from uuid import UUID

import msgspec
from sanic import Blueprint, HTTPResponse, Request

from models import Export
from server import exports, ledger
from server.clock import SHANGHAI
from server.console.going_on import go_to
from server.console.ledger_links import filter_fields
from server.console.pages import is_part, page
from server.console.reading_forms import read_form, ticked
from server.door.arriving import tools_of
from server.door.guards import desk
from server.door.operations import visitor_of
from server.exports.asking import UNFINISHED
from server.people import Act, may
from server.refusal import NoSuchThing

blueprint = Blueprint("console_exports", url_prefix="/exports")

PAGES = {  # where the list of each book stands
    "ledger": "/console/ledger",
    "reports": "/console/review",
    "cases": "/console/cases",
    "problems": "/console/problems",
    "team": "/console/team",
    "people": "/console/people",
    "journal": "/console/journal",
}
BOX = "item-"  # a box for each chosen item, named by its id
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Line:
    """An export as it is listed, and the list it was taken from."""

    export: Export
    title: str
    link: str
    is_unfinished: bool


@blueprint.get("/", name="list", ctx_guard=desk())
async def show_list(request: Request) -> HTTPResponse:
    """A person's own files with how far they are; htmx asks for the lines alone, again and again."""
    visitor = visitor_of(request)
    lines = [_line(one) for one in await exports.exports_of(visitor)]
    waits = any(line.is_unfinished for line in lines)
    if is_part(request):
        return await page(request, "exports/lines.html", lines=lines, waits=waits)
    years = await ledger.years(visitor) if may(visitor.duties, Act.SEE_LEDGER) else []
    return await page(request, "exports/list.html", lines=lines, waits=waits, years=years)


@blueprint.post("/<kind:str>", name="ask", ctx_guard=desk(csrf=True))
async def ask(request: Request, kind: str) -> HTTPResponse:
    """Ask for what a list's filter finds; the form's fields are those of the list."""
    book = exports.BOOKS.get(kind)
    if book is None:
        raise NoSuchThing
    wanted, now = read_form(request, book.shape), tools_of(request).clock.now()
    await exports.ask_export(wanted, kind=kind, by=visitor_of(request), now=now)
    return go_to(request, "/console/exports")


@blueprint.post("/sheets", name="ask_sheets", ctx_guard=desk(Act.SEE_LEDGER, csrf=True))
async def ask_sheets(request: Request) -> HTTPResponse:
    """Ask for the printed sheets of the chosen items."""
    item_ids, now = ticked(request, BOX), tools_of(request).clock.now()
    await exports.ask_sheets(item_ids, by=visitor_of(request), now=now)
    return go_to(request, "/console/exports")


@blueprint.get("/<export_id:uuid>/file", name="file", ctx_guard=desk())
async def send(request: Request, export_id: UUID) -> HTTPResponse:
    """The file, to whoever asked for it."""
    tools = tools_of(request)
    export, content = await exports.fetch(
        export_id,
        by=visitor_of(request),
        storage=tools.storage,
        keys=tools.keys,
        now=tools.clock.now(),
    )
    title, ending, content_type = _as_file(export)
    name = f"{title}{export.asked_at.astimezone(SHANGHAI):%Y%m%d-%H%M}.{ending}"
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return HTTPResponse(content, headers=headers, content_type=content_type)


def _as_file(export: Export) -> tuple[str, str, str]:
    """What a file is called, how its name ends, and its type."""
    if export.kind == exports.SHEETS:
        return "督察事项办理情况表", "pdf", "application/pdf"
    return exports.BOOKS[export.kind].title, "xlsx", SHEET


def _line(export: Export) -> Line:
    if export.kind == exports.SHEETS:
        return Line(export, "办理情况表（PDF）", "/console/ledger", export.state in UNFINISHED)
    book = exports.BOOKS[export.kind]
    query = urlencode(filter_fields(msgspec.convert(export.wanted, book.shape)))
    link = f"{PAGES[export.kind]}?{query}" if query else PAGES[export.kind]
    return Line(export, book.title, link, export.state in UNFINISHED)
