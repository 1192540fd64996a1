"""The calendar: the known years, an alarm while one is missing, and loading a pasted notice after a preview."""

from datetime import date
from typing import Annotated, Any

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from server import notices
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.notices import NoticeIncomplete
from server.people import Permission
from server.web.console.pages import go_to, is_part, page
from server.web.console.reading_forms import read_filter, read_form
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_calendar", url_prefix="/calendar")

LOAD = desk(Permission.LOAD_CALENDAR, csrf=True)
Year = Annotated[int, Meta(ge=2000, le=2100)]


class Shown(Struct, frozen=True):
    """The year to show."""

    year: Year | None = None


class PastedNotice(Struct, frozen=True):
    """A year's notice as pasted, and the document it comes from."""

    year: Year
    source: Annotated[str, Meta(min_length=2, max_length=80)]
    lines: Annotated[str, Meta(min_length=1, max_length=12_000)]


@blueprint.get("/", name="show", ctx_guard=desk(Permission.LOAD_CALENDAR))
async def show(request: Request) -> HTTPResponse:
    """Show the years and what is known of each, the days of one year, and the loaded notices."""
    today, known = business_date(tools_of(request).clock.now()), await calendar()
    missing = notices.missing_year(today, calendar=known)
    year = read_filter(request, Shown).year or today.year
    return await page(
        request,
        "calendar/show.html",
        years=await notices.known_years(today, calendar=known),
        year=year,
        sheet=notices.sheet_of(year, calendar=known),
        is_provisional=known.is_provisional(date(year, 1, 1)),
        missing_year=missing,
        to_load=missing or today.year + 1,
        loaded=await notices.notices(),
    )


@blueprint.post("/previews", name="preview", ctx_guard=LOAD)
async def preview(request: Request) -> HTTPResponse:
    """Show what would be loaded, with every error; nothing is written."""
    typed = read_form(request, PastedNotice)
    return await _preview(request, typed, read=notices.read_pasted(typed.lines, year=typed.year))


@blueprint.post("/notices", name="load", ctx_guard=LOAD)
async def load(request: Request) -> HTTPResponse:
    """Load a previewed notice; if it still has errors, show them again instead."""
    typed = read_form(request, PastedNotice)
    read = notices.read_pasted(typed.lines, year=typed.year)
    if read.faults:
        return await _preview(request, typed, read=read, status=NoticeIncomplete.status)
    await notices.load_notice(
        typed.year,
        read.days,
        source=typed.source,
        by=actor_of(request),
        now=tools_of(request).clock.now(),
    )
    return go_to(request, f"/console/calendar?year={typed.year}")


async def _preview(
    request: Request, typed: PastedNotice, *, read: notices.Pasted, status: int = 200
) -> HTTPResponse:
    foreseen = await notices.foresee(typed.year, read.days, source=typed.source)
    shown: dict[str, Any] = {
        "typed": typed,
        "days": sorted(set(read.days), key=lambda one: one.day),
        "unread": read.faults,
        "faults": notices.faults_of(typed.year, read.days) if read.days or not read.faults else [],
        "foreseen": foreseen,
        "sheet": notices.sheet_of(typed.year, calendar=foreseen.calendar) if read.days else [],
        "frame": "parts/bare.html" if is_part(request) else "base.html",
    }
    return await page(request, "calendar/preview.html", status=status, **shown)
