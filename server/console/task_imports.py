"""A task list from a sheet: chosen, read, shown with every problem and change, and only then published."""

from typing import Annotated

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from server import tasks
from server.console.pages import is_part, page
from server.console.reading_forms import read_form
from server.console.refusals import SheetTooBig
from server.console.tasks import year_of
from server.door.arriving import tools_of
from server.door.guards import desk
from server.door.operations import visitor_of
from server.door.problems import TooBig
from server.door.uploading import one_file
from server.people import Act

blueprint = Blueprint("console_task_imports", url_prefix="/tasks")

MAX_BYTES = 10 * 1024 * 1024


class Confirmation(Struct, frozen=True):
    """The token of the preview that is confirmed."""

    token: Annotated[str, Meta(min_length=1, max_length=80)]


@blueprint.get("/import", name="start", ctx_guard=desk(Act.IMPORT_TASKS))
async def start(request: Request) -> HTTPResponse:
    """Where a sheet is chosen."""
    return await page(request, "tasks/import.html", year=year_of(request))


@blueprint.post(
    "/imports", name="preview", stream=True, ctx_guard=desk(Act.IMPORT_TASKS, max_bytes=None, csrf=True)
)
async def preview(request: Request) -> HTTPResponse:
    """Read a sheet and show what it would change; nothing is published."""
    name: list[str] = []
    pieces = one_file(request, "file", max_bytes=MAX_BYTES, what="表格", note_name=name.append)
    try:
        sheet = b"".join([piece async for piece in pieces])
    except TooBig as error:
        raise SheetTooBig from error
    seen = await tasks.preview(
        sheet,
        year=year_of(request),
        source_name=name[0],
        by=visitor_of(request).person,
        now=tools_of(request).clock.now(),
    )
    frame = "parts/bare.html" if is_part(request) else "base.html"
    return await page(request, "tasks/preview.html", frame=frame, seen=seen, columns=tasks.COLUMNS)


@blueprint.post("/confirmations", name="confirm", ctx_guard=desk(Act.IMPORT_TASKS, csrf=True))
async def confirm(request: Request) -> HTTPResponse:
    """Publish a previewed sheet; the same token again leads to the same list."""
    token = read_form(request, Confirmation).token
    now = tools_of(request).clock.now()
    published = await tasks.confirm(token, by=visitor_of(request).person, now=now)
    address = f"/console/tasks?year={published.year}&published={published.version}"
    if is_part(request):
        return HTTPResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address, status=303)
