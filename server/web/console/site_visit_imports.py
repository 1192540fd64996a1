"""Importing a visit's observers from a spreadsheet: upload, review of every error, and only then invited."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from server import site_visits
from server.people import Permission
from server.site_visits.observer_sheets import COLUMNS
from server.web.console.pages import go_to, is_part, long_page, page
from server.web.console.reading_forms import read_form
from server.web.console.reading_sheets import read_sheet
from server.web.console.tasks import SHEET
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_site_visit_imports", url_prefix="/site-visits/<visit_id:uuid>/observers")

FORM, RUN = desk(Permission.RUN_SCORING), desk(Permission.RUN_SCORING, csrf=True)


class Confirmation(Struct, frozen=True):
    """The token of the preview that is confirmed."""

    token: Annotated[str, Meta(min_length=1, max_length=80)]


@blueprint.get("/import", name="start", ctx_guard=FORM)
async def start(request: Request, visit_id: UUID) -> HTTPResponse:
    """Show the form to choose a list of observers."""
    visit = await site_visits.visit_run_by(actor_of(request), visit_id)
    rules = site_visits.rules_of(visit)
    return await page(request, "site_visits/import.html", visit=visit, rules=rules)


@blueprint.get("/template", name="template", ctx_guard=FORM)
async def template(request: Request, visit_id: UUID) -> HTTPResponse:
    """Send an empty list to fill in."""
    now = tools_of(request).clock.now()
    sheet = await site_visits.observers_template(visit_id, by=actor_of(request), now=now)
    name = quote("观察员名单模板.xlsx")
    headers = {"Content-Disposition": f"attachment; filename=\"observers.xlsx\"; filename*=UTF-8''{name}"}
    return HTTPResponse(sheet, headers=headers, content_type=SHEET)


@blueprint.post(
    "/imports",
    name="preview",
    stream=True,
    ctx_guard=desk(Permission.RUN_SCORING, max_bytes=None, csrf=True),
)
async def preview(request: Request, visit_id: UUID) -> HTTPResponse:
    """Read a list and show whom it would invite; nobody is invited yet."""
    visit = await site_visits.visit_run_by(actor_of(request), visit_id)
    name, sheet = await read_sheet(request)
    seen = await site_visits.preview_observers(
        visit_id, sheet, source_name=name, by=actor_of(request), now=tools_of(request).clock.now()
    )
    frame = "parts/bare.html" if is_part(request) else "base.html"
    return await long_page(
        request, "site_visits/import_preview.html", frame=frame, visit=visit, seen=seen, columns=COLUMNS
    )


@blueprint.post("/confirmations", name="confirm", ctx_guard=RUN)
async def confirm(request: Request, visit_id: UUID) -> HTTPResponse:
    """Invite everybody on the previewed list; the same token again leads to the same visit."""
    token, now = read_form(request, Confirmation).token, tools_of(request).clock.now()
    await site_visits.confirm_observers(visit_id, token, by=actor_of(request), now=now)
    return go_to(request, f"/console/site-visits/{visit_id}/arrangement")
