"""Letters on the console: issued from an item's page, and reprinted by anyone who may see the item."""

from uuid import UUID

from msgspec import Struct
from sanic import Blueprint, HTTPResponse, Request

from models.vocabulary import TemplatePurpose
from server import exports
from server.people import Permission
from server.web.console.pages import go_to
from server.web.console.reading_forms import read_form
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_letters")


class Wanted(Struct, frozen=True):
    """Which letter to issue."""

    purpose: TemplatePurpose


@blueprint.post(
    "/ledger/<item_id:uuid>/letters", name="issue", ctx_guard=desk(Permission.DECIDE_ITEMS, csrf=True)
)
async def issue(request: Request, item_id: UUID) -> HTTPResponse:
    """Issue a letter about an item; the worker makes the file, which then waits among the exports."""
    wanted, now = read_form(request, Wanted), tools_of(request).clock.now()
    await exports.ask_new_letter(item_id, purpose=wanted.purpose, by=actor_of(request), now=now)
    return go_to(request, "/console/exports")


@blueprint.post(
    "/letters/<letter_id:uuid>/printing", name="print", ctx_guard=desk(Permission.SEE_LEDGER, csrf=True)
)
async def print_again(request: Request, letter_id: UUID) -> HTTPResponse:
    """Request a new file of a letter that was already issued, with its original wording."""
    now = tools_of(request).clock.now()
    await exports.ask_letter(letter_id, by=actor_of(request), now=now)
    return go_to(request, "/console/exports")
