"""Letters on the console: drafted or issued from an item's page."""

from uuid import UUID

from msgspec import Struct
from sanic import Blueprint, HTTPResponse, Request

from server import exports, letters
from server.letters.commands import Draft, Few
from server.people import Permission
from server.web.console.pages import go_to
from server.web.console.reading_forms import read_form
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.letter_kinds import letter_kinds
from server.web.door.operations import actor_of

blueprint = Blueprint("console_letters")


class Wanted(Struct, frozen=True):
    """Which letter to draft or issue, and why a step of the ladder is skipped."""

    kind: str
    reason: Few = ""


@blueprint.post(
    "/ledger/<item_id:uuid>/letters", name="issue", ctx_guard=desk(Permission.DRAFT_LETTERS, csrf=True)
)
async def issue(request: Request, item_id: UUID) -> HTTPResponse:
    """Draft a letter about an item, or issue one of the shorter form, whose file then waits among the exports."""
    wanted, now = read_form(request, Wanted), tools_of(request).clock.now()
    kinds, by = letter_kinds(request), actor_of(request)
    if not kinds[wanted.kind].at_once:
        command = Draft(kind=wanted.kind, reason=wanted.reason)
        letter = await letters.draft(item_id, command, by=by, now=now, kinds=kinds)
        return go_to(request, f"/console/letters/{letter.id}")
    await exports.ask_new_letter(item_id, kind=wanted.kind, by=by, now=now, kinds=kinds)
    return go_to(request, "/console/exports")
