"""The page that shows a stop's rotating code: it gets its key once and then needs no network (site-visits §3)."""

from uuid import UUID

import msgspec
from sanic import Blueprint, HTTPResponse, Request

from server import site_visits
from server.people import Permission
from server.web.console.pages import go_to, page
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_site_visit_screens", url_prefix="/site-visits/<visit_id:uuid>")

FORM, RUN = desk(Permission.RUN_SCORING), desk(Permission.RUN_SCORING, csrf=True)


@blueprint.get("/stops/<stop_id:uuid>/screen", name="screen", ctx_guard=FORM)
async def show_screen(request: Request, visit_id: UUID, stop_id: UUID) -> HTTPResponse:
    """Show the page; it also tells the server's time, from which the page counts on by itself."""
    visit = await site_visits.visit_run_by(actor_of(request), visit_id)
    stop = await site_visits.stop_in(visit.id, stop_id)
    return await page(request, "site_visits/screen.html", visit=visit, stop=stop)


@blueprint.post("/stops/<stop_id:uuid>/screens", name="open_screen", ctx_guard=RUN)
async def open_screen(request: Request, visit_id: UUID, stop_id: UUID) -> HTTPResponse:
    """Send a new screen's key, this once."""
    tools = tools_of(request)
    opened = await site_visits.open_screen(
        visit_id, stop_id, by=actor_of(request), now=tools.clock.now(), tools=tools
    )
    headers = {"Cache-Control": "no-store"}
    return HTTPResponse(msgspec.json.encode(opened), headers=headers, content_type="application/json")


@blueprint.post("/screens/<screen_id:uuid>/revocation", name="revoke_screen", ctx_guard=RUN)
async def revoke_screen(request: Request, visit_id: UUID, screen_id: UUID) -> HTTPResponse:
    """Stop accepting a screen's codes."""
    now = tools_of(request).clock.now()
    await site_visits.revoke_screen(visit_id, screen_id, by=actor_of(request), now=now)
    return go_to(request, f"/console/site-visits/{visit_id}")
