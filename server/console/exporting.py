"""Exports on the desk: ask for the ledger as a sheet, watch it being made, fetch it while it is kept."""

from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

import msgspec
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from models import Export
from server import exports, ledger
from server.clock import SHANGHAI
from server.console.ledger_links import ledger_link
from server.console.pages import is_part, page
from server.console.reading_forms import read_form
from server.door.arriving import tools_of
from server.door.guards import desk
from server.door.operations import visitor_of
from server.exports.asking import UNFINISHED
from server.ledger import LedgerView
from server.people import Act

blueprint = Blueprint("console_exports", url_prefix="/exports")

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Line:
    """An export as it is listed, and the list it was taken from."""

    export: Export
    link: str
    is_unfinished: bool


@blueprint.get("/", name="list", ctx_guard=desk(Act.SEE_LEDGER))
async def show_list(request: Request) -> HTTPResponse:
    """A person's own files with how far they are; htmx asks for the lines alone, again and again."""
    visitor = visitor_of(request)
    lines = [_line(one) for one in await exports.exports_of(visitor)]
    waits = any(line.is_unfinished for line in lines)
    if is_part(request):
        return await page(request, "exports/lines.html", lines=lines, waits=waits)
    years = await ledger.years(visitor)
    return await page(request, "exports/list.html", lines=lines, waits=waits, years=years)


@blueprint.post("/", name="ask", ctx_guard=desk(Act.SEE_LEDGER, csrf=True))
async def ask(request: Request) -> HTTPResponse:
    """Ask for what a filter finds; the form's fields are those of the list."""
    wanted = read_form(request, LedgerView)
    await exports.ask_export(wanted, by=visitor_of(request), now=tools_of(request).clock.now())
    if is_part(request):
        return HTTPResponse(status=204, headers={"HX-Redirect": "/console/exports"})
    return redirect("/console/exports", status=303)


@blueprint.get("/<export_id:uuid>/file", name="file", ctx_guard=desk(Act.SEE_LEDGER))
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
    name = f"督察台账{export.asked_at.astimezone(SHANGHAI):%Y%m%d-%H%M}.xlsx"
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return HTTPResponse(content, headers=headers, content_type=SHEET)


def _line(export: Export) -> Line:
    link = ledger_link(msgspec.convert(export.wanted, LedgerView))
    return Line(export, link, export.state in UNFINISHED)
