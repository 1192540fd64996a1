"""The codes of stops: a page for a screen, which needs no network once it has its key, and a sheet to print."""

from uuid import UUID

import msgspec
import structlog
from sanic import Blueprint, HTTPResponse, Request

from server import site_visits
from server.gateways.wechat import WeChatError
from server.people import Permission
from server.site_visits.refusals import PrintedCodeAway
from server.web.console.pages import go_to, page
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

log = structlog.get_logger(__name__)
blueprint = Blueprint("console_site_visit_screens", url_prefix="/site-visits/<visit_id:uuid>")

VISIT_PAGE = "packages/visits/pages/visit/visit"  # of the mini-program; it finds the stop by the scene
FORM, RUN = desk(Permission.RUN_SCORING), desk(Permission.RUN_SCORING, csrf=True)


@blueprint.get("/stops/<stop_id:uuid>/screen", name="screen", ctx_guard=FORM)
async def show_screen(request: Request, visit_id: UUID, stop_id: UUID) -> HTTPResponse:
    """Show the page; it also tells the server's time, from which the page counts on by itself."""
    visit = await site_visits.visit_run_by(actor_of(request), visit_id)
    stop = await site_visits.stop_in(visit.id, stop_id)
    return await page(request, "site_visits/screen.html", visit=visit, stop=stop)


@blueprint.get("/codes", name="codes", ctx_guard=FORM)
async def show_codes(request: Request, visit_id: UUID) -> HTTPResponse:
    """Show the mini-program codes of all stops, to be printed and hung up; they are addresses and prove nothing."""
    visit = await site_visits.visit_run_by(actor_of(request), visit_id)
    stops = await site_visits.stops_of(visit.id)
    return await page(request, "site_visits/codes.html", visit=visit, stops=stops)


@blueprint.get("/stops/<stop_id:uuid>/code", name="code", ctx_guard=FORM)
async def draw_code(request: Request, visit_id: UUID, stop_id: UUID) -> HTTPResponse:
    """Send a stop's mini-program code as WeChat draws it; the picture never changes, so browsers keep it."""
    visit = await site_visits.visit_run_by(actor_of(request), visit_id)
    stop = await site_visits.stop_in(visit.id, stop_id)
    try:
        picture = await tools_of(request).wechat.draw_code(stop.scene, page=VISIT_PAGE)
    except WeChatError as error:
        log.warning("code_not_drawn", stop=str(stop.id), kind=type(error).__name__)
        raise PrintedCodeAway from error
    kind = "image/png" if picture.startswith(b"\x89PNG") else "image/jpeg"
    headers = {"Cache-Control": "private, max-age=86400"}
    return HTTPResponse(picture, headers=headers, content_type=kind)


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
