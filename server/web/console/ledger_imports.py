"""Importing the ledger from a spreadsheet: upload, compare row by row, confirm, and follow the worker's progress."""

from urllib.parse import quote
from uuid import UUID

from sanic import Blueprint, HTTPResponse, Request

from models.vocabulary import ImportState
from server import ledger_sheets
from server.ledger_sheets.bringing_in import UNFINISHED
from server.people import Permission
from server.web.console.pages import go_to, is_part, long_page, page
from server.web.console.paging import WhichPage
from server.web.console.reading_forms import read_filter
from server.web.console.reading_sheets import read_sheet
from server.web.console.tasks import SHEET
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_ledger_imports", url_prefix="/ledger/imports")

SEE = desk(Permission.DECIDE_ITEMS)


@blueprint.get("/", name="start", ctx_guard=SEE)
async def start(request: Request) -> HTTPResponse:
    """Show the form to choose a sheet, with the person's recent imports."""
    here = read_filter(request, WhichPage).page
    imports, has_more = await ledger_sheets.imports_of(actor_of(request), page=here)
    return await page(
        request,
        "ledger_import/start.html",
        editable=[column for column in ledger_sheets.COLUMNS if column.key in ledger_sheets.EDITABLE],
        imports=imports,
        here=here,
        has_more=has_more,
    )


@blueprint.get("/template", name="template", ctx_guard=SEE)
async def template(request: Request) -> HTTPResponse:
    """Send an empty sheet for an older ledger."""
    name = quote("旧台账接入模板.xlsx")
    disposition = f"attachment; filename=\"ledger.xlsx\"; filename*=UTF-8''{name}"
    headers = {"Content-Disposition": disposition}
    return HTTPResponse(await ledger_sheets.template(), headers=headers, content_type=SHEET)


@blueprint.post(
    "/previews",
    name="preview",
    stream=True,
    ctx_guard=desk(Permission.DECIDE_ITEMS, max_bytes=None, csrf=True),
)
async def preview(request: Request) -> HTTPResponse:
    """Read a sheet and show what it would change; the ledger is not touched."""
    name, sheet = await read_sheet(request)
    seen = await ledger_sheets.preview(
        sheet, source_name=name, by=actor_of(request), now=tools_of(request).clock.now()
    )
    frame = "parts/bare.html" if is_part(request) else "base.html"
    return await long_page(request, "ledger_import/preview.html", frame=frame, seen=seen)


@blueprint.post(
    "/<import_id:uuid>/confirmation", name="confirm", ctx_guard=desk(Permission.DECIDE_ITEMS, csrf=True)
)
async def confirm(request: Request, import_id: UUID) -> HTTPResponse:
    """Start importing the previewed sheet; a second click imports nothing twice."""
    now = tools_of(request).clock.now()
    found = await ledger_sheets.confirm(import_id, by=actor_of(request), now=now)
    return go_to(request, f"/console/ledger/imports/{found.id}")


@blueprint.get("/<import_id:uuid>", name="show", ctx_guard=SEE)
async def show(request: Request, import_id: UUID) -> HTTPResponse:
    """Show the progress and outcome of an import; htmx polls for the state alone."""
    found = await ledger_sheets.import_of(actor_of(request), import_id)
    return await page(
        request,
        "ledger_import/state.html" if is_part(request) else "ledger_import/show.html",
        found=found,
        waits=found.state in UNFINISHED,
        is_open=found.state is ImportState.PREVIEWED,
        wishes=ledger_sheets.wishes_of(found.changes),
    )
