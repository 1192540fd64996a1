"""The annual task list: the version in force, its gaps, and as a spreadsheet."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from server import tasks
from server.kernel.clock import business_date
from server.people import Permission
from server.web.console.pages import page
from server.web.console.reading_forms import read_filter
from server.web.door.admission import tools_of
from server.web.door.guards import desk

blueprint = Blueprint("console_tasks", url_prefix="/tasks")

SEE = desk(Permission.SEE_TASKS)
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class WhichYear(Struct, frozen=True):
    """The year of the list, by default this one; `published` is the version that was just published."""

    year: Annotated[int, Meta(ge=2000, le=2100)] | None = None
    published: Annotated[int, Meta(ge=1)] | None = None
    official_id: UUID | None = None  # only the tasks that this official leads


@blueprint.get("/", name="list", ctx_guard=SEE)
async def show_list(request: Request) -> HTTPResponse:
    """Show the list in force, by task."""
    year, today = year_of(request), business_date(tools_of(request).clock.now())
    official = read_filter(request, WhichYear).official_id
    in_force = await tasks.current_tasks(year)
    return await page(
        request,
        "tasks/list.html",
        year=year,
        years=sorted({*await tasks.years(), today.year, year}, reverse=True),
        in_force=await tasks.current_list(year),
        tasks=[one for one in in_force if official in (None, one.leading_official_id)],
        gaps=len(await tasks.gaps(year, today=today)),
        published=read_filter(request, WhichYear).published,
    )


@blueprint.get("/gaps", name="gaps", ctx_guard=SEE)
async def show_gaps(request: Request) -> HTTPResponse:
    """Show what the list in force lacks."""
    year = year_of(request)
    found = await tasks.gaps(year, today=business_date(tools_of(request).clock.now()))
    return await page(request, "tasks/gaps.html", year=year, gaps=found)


@blueprint.get("/versions", name="versions", ctx_guard=SEE)
async def show_versions(request: Request) -> HTTPResponse:
    """Show every version of a year's list, with its changes against the previous one."""
    year, today = year_of(request), business_date(tools_of(request).clock.now())
    found = [(one, await tasks.changes_in(one, today=today)) for one in await tasks.versions(year)]
    return await page(request, "tasks/versions.html", year=year, versions=found)


@blueprint.get("/export", name="export", ctx_guard=SEE)
async def export(request: Request) -> HTTPResponse:
    """Send the list in force as a sheet with the columns of the template."""
    year = year_of(request)
    sheet = await tasks.export(year, today=business_date(tools_of(request).clock.now()))
    return _download(sheet, name=f"{year}年任务清单.xlsx")


@blueprint.get("/template", name="template", ctx_guard=desk(Permission.IMPORT_TASKS))
async def template(request: Request) -> HTTPResponse:
    """Send an empty sheet to fill in."""
    year = year_of(request)
    sheet = await tasks.template(year, today=business_date(tools_of(request).clock.now()))
    return _download(sheet, name=f"{year}年任务清单模板.xlsx")


def year_of(request: Request) -> int:
    """Return the year to show."""
    asked = read_filter(request, WhichYear).year
    return asked or business_date(tools_of(request).clock.now()).year


def _download(sheet: bytes, *, name: str) -> HTTPResponse:
    disposition = f"attachment; filename=\"tasks.xlsx\"; filename*=UTF-8''{quote(name)}"
    return HTTPResponse(sheet, headers={"Content-Disposition": disposition}, content_type=SHEET)
