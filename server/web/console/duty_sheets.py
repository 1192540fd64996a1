"""Duty sheets on the console: for each leading official, as a page, as PDF and as a Word document."""

from datetime import date
from typing import Annotated
from urllib.parse import quote, urlencode
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from server import duty_sheets
from server.duty_sheets import DutySheet
from server.kernel.clock import business_date
from server.people import Permission
from server.web.console.ledger_links import filter_fields
from server.web.console.letters import WORD
from server.web.console.pages import page
from server.web.console.reading_forms import read_filter
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.letter_kinds import letter_kinds
from server.web.door.operations import actor_of

blueprint = Blueprint("console_duty_sheets", url_prefix="/duty-sheets")

SEE = desk(Permission.SEE_OBLIGATIONS)
LISTS = {  # the pages that show what a filter finds
    "LedgerView": "/console/ledger",
    "LetterFilter": "/console/letters",
    "MeetingFilter": "/console/meetings",
    "ObligationFilter": "/console/obligations/list",
    "TasksLed": "/console/tasks",
}


class WhichSheet(Struct, frozen=True):
    """The year, and the last day that counts."""

    year: Annotated[int, Meta(ge=2000, le=2100)] | None = None
    until: date | None = None


@blueprint.get("/", name="list", ctx_guard=SEE)
async def show_officials(request: Request) -> HTTPResponse:
    """Show the leading officials whose sheets the reader may open."""
    officials = await duty_sheets.officials_seen_by(actor_of(request))
    return await page(request, "duty_sheets/list.html", officials=officials)


@blueprint.get("/<person_id:uuid>", name="sheet", ctx_guard=SEE)
async def show_sheet(request: Request, person_id: UUID) -> HTTPResponse:
    """Show an official's sheet; every figure leads to the list that it counts."""
    sheet = await _sheet(request, person_id)
    asked = urlencode({"year": sheet.year, "until": sheet.until.isoformat()})
    return await page(request, "duty_sheets/sheet.html", sheet=sheet, link=link, asked=asked)


@blueprint.get("/<person_id:uuid>/pdf", name="pdf", ctx_guard=SEE)
async def send_pdf(request: Request, person_id: UUID) -> HTTPResponse:
    """Send the sheet as PDF/A."""
    sheet = await _sheet(request, person_id)
    content = await duty_sheets.set_pdf(sheet, tools=tools_of(request))
    return _sent(sheet, content, ending="pdf", kind="application/pdf")


@blueprint.get("/<person_id:uuid>/docx", name="docx", ctx_guard=SEE)
async def send_word(request: Request, person_id: UUID) -> HTTPResponse:
    """Send the sheet as a Word document."""
    sheet = await _sheet(request, person_id)
    return _sent(sheet, await duty_sheets.set_word(sheet), ending="docx", kind=WORD)


def link(shown_by: Struct) -> str:
    """Return the address of the list that a figure's filter shows."""
    return f"{LISTS[type(shown_by).__name__]}?{urlencode(filter_fields(shown_by))}"


async def _sheet(request: Request, person_id: UUID) -> DutySheet:
    today, asked = business_date(tools_of(request).clock.now()), read_filter(request, WhichSheet)
    year = asked.year or (asked.until.year if asked.until else today.year)
    until = asked.until or (today if year == today.year else date(year, 12, 31))
    return await duty_sheets.sheet_of(
        actor_of(request), person_id, year=year, until=until, today=today, kinds=letter_kinds(request)
    )


def _sent(sheet: DutySheet, content: bytes, *, ending: str, kind: str) -> HTTPResponse:
    name = quote(f"{sheet.official.designation}{sheet.year}年履职清单.{ending}")
    disposition = f"attachment; filename=\"duty_sheet.{ending}\"; filename*=UTF-8''{name}"
    return HTTPResponse(content, headers={"Content-Disposition": disposition}, content_type=kind)
