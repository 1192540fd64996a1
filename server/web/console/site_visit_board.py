"""The board on the console: the host opens its link, rehearses, and reveals the result step by step (VIS-11)."""

from typing import Annotated
from uuid import UUID

from markupsafe import Markup
from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from server import site_visits
from server.gateways import qrcode
from server.people import Permission
from server.site_visits import BoardMove
from server.web.console.pages import go_to, page
from server.web.console.reading_forms import read_form
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_site_visit_board", url_prefix="/site-visits/<visit_id:uuid>/board")

HOST, MOVE = desk(Permission.RUN_SCORING), desk(Permission.RUN_SCORING, csrf=True)


class Turn(Struct, frozen=True):
    """A move of the board, from the step that the host saw."""

    move: BoardMove
    seen: Annotated[int, Meta(ge=0)]


@blueprint.get("/", name="show", ctx_guard=HOST)
async def show(request: Request, visit_id: UUID) -> HTTPResponse:
    """Show the host's page: where the board is, and what the next step will show."""
    return await _page(request, visit_id)


@blueprint.post("/opening", name="open", ctx_guard=MOVE)
async def open_link(request: Request, visit_id: UUID) -> HTTPResponse:
    """Open the board and show its link, this once; an earlier link ends."""
    link = await site_visits.open_board(visit_id, by=actor_of(request))
    return await _page(request, visit_id, address=f"{tools_of(request).settings.public_url}/board/{link}")


@blueprint.post("/revocation", name="revoke", ctx_guard=MOVE)
async def revoke_link(request: Request, visit_id: UUID) -> HTTPResponse:
    """End the board's link and all screens that show it."""
    await site_visits.revoke_board(visit_id, by=actor_of(request))
    return go_to(request, _here(visit_id))


@blueprint.post("/moves", name="move", ctx_guard=MOVE)
async def move(request: Request, visit_id: UUID) -> HTTPResponse:
    """Move the board; a second press of the same key is refused."""
    turn = read_form(request, Turn)
    await site_visits.move_board(visit_id, turn.move, seen=turn.seen, by=actor_of(request))
    return go_to(request, _here(visit_id))


async def _page(request: Request, visit_id: UUID, *, address: str = "") -> HTTPResponse:
    actor = actor_of(request)
    return await page(
        request,
        "site_visits/board.html",
        visit=await site_visits.visit_run_by(actor, visit_id),
        board=await site_visits.board_of(visit_id, by=actor),
        address=address,
        code=Markup(qrcode.as_svg(address)) if address else "",  # noqa: S704 - drawn by our own gateway
    )


def _here(visit_id: UUID) -> str:
    return f"/console/site-visits/{visit_id}/board"
