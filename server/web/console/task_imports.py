"""Importing a task list from a spreadsheet: upload, review of every error and change, and only then publication."""

from typing import Annotated

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from server import tasks
from server.people import Permission
from server.web.console.pages import go_to, is_part, long_page, page
from server.web.console.reading_forms import read_form
from server.web.console.reading_sheets import read_sheet
from server.web.console.tasks import year_of
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_task_imports", url_prefix="/tasks")


class Confirmation(Struct, frozen=True):
    """The token of the preview that is confirmed."""

    token: Annotated[str, Meta(min_length=1, max_length=80)]


@blueprint.get("/import", name="start", ctx_guard=desk(Permission.IMPORT_TASKS))
async def start(request: Request) -> HTTPResponse:
    """Show the form to choose a sheet."""
    return await page(request, "tasks/import.html", year=year_of(request))


@blueprint.post(
    "/imports",
    name="preview",
    stream=True,
    ctx_guard=desk(Permission.IMPORT_TASKS, max_bytes=None, csrf=True),
)
async def preview(request: Request) -> HTTPResponse:
    """Read a sheet and show what it would change; nothing is published."""
    name, sheet = await read_sheet(request)
    seen = await tasks.preview(
        sheet,
        year=year_of(request),
        source_name=name,
        by=actor_of(request).person,
        now=tools_of(request).clock.now(),
    )
    frame = "parts/bare.html" if is_part(request) else "base.html"
    return await long_page(request, "tasks/preview.html", frame=frame, seen=seen, columns=tasks.COLUMNS)


@blueprint.post("/confirmations", name="confirm", ctx_guard=desk(Permission.IMPORT_TASKS, csrf=True))
async def confirm(request: Request) -> HTTPResponse:
    """Publish a previewed sheet; the same token again leads to the same list."""
    token = read_form(request, Confirmation).token
    now = tools_of(request).clock.now()
    published = await tasks.confirm(token, by=actor_of(request).person, now=now)
    address = f"/console/tasks?year={published.year}&published={published.version}"
    return go_to(request, address)
