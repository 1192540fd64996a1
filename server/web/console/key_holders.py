"""Key-holders on the console: hand-overs when one leaves, and the monthly drill in which two prove their keys."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models import EscrowDrill
from server import sealed
from server.kernel.refusal import NoSuchThing
from server.people import Permission
from server.web.console.pages import go_to
from server.web.console.reading_forms import read_form
from server.web.console.reading_sheets import read_sheet
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_key_holders", url_prefix="/sealing/keys")

KEEP, READ = desk(Permission.KEEP_KEYS, csrf=True), desk(Permission.KEEP_KEYS)
HERE = "/console/sealing"


class Proof(Struct, frozen=True):
    """What a holder's own machine printed at a drill."""

    holder: Annotated[str, Meta(pattern="^[ABC]$")]
    proof: Annotated[str, Meta(min_length=64, max_length=70, pattern=r"^\s*[0-9a-fA-F]{64}\s*$")]


@blueprint.get("/<keyset_id:uuid>/<letter:str>", name="hand_over", ctx_guard=READ)
async def send_hand_over(request: Request, keyset_id: UUID, letter: str) -> HTTPResponse:
    """Send the file that a leaving holder takes home: their own halves, and who receives them."""
    content = await sealed.paper_for(letter, keyset_id, keys=tools_of(request).keys, by=actor_of(request))
    return _file(content, name=f"保管人{letter}交接.json")


@blueprint.post(
    "/handed-on",
    name="take_over",
    stream=True,
    ctx_guard=desk(Permission.KEEP_KEYS, max_bytes=None, csrf=True),
)
async def take_over(request: Request) -> HTTPResponse:
    """Accept what a leaving holder handed on, and show what is still missing."""
    _, content = await read_sheet(request)
    await sealed.take_over(content, keys=tools_of(request).keys, by=actor_of(request))
    return go_to(request, HERE)


@blueprint.post("/drills", name="drill", ctx_guard=KEEP)
async def begin_drill(request: Request) -> HTTPResponse:
    """Begin the month's drill."""
    await sealed.begin_drill(by=actor_of(request), now=tools_of(request).clock.now())
    return go_to(request, HERE)


@blueprint.get("/drills/<drill_id:uuid>/<letter:str>", name="drill_paper", ctx_guard=READ)
async def send_drill(_: Request, drill_id: UUID, letter: str) -> HTTPResponse:
    """Send the file that a holder opens at home."""
    drill = await EscrowDrill.get_or_none(id=drill_id)
    if drill is None:
        raise NoSuchThing
    return _file(sealed.paper_of(drill, letter), name=f"演练-保管人{letter}.json")


@blueprint.post("/drills/<drill_id:uuid>/answers", name="drill_answer", ctx_guard=KEEP)
async def answer_drill(request: Request, drill_id: UUID) -> HTTPResponse:
    """Submit a holder's proof."""
    typed, now = read_form(request, Proof), tools_of(request).clock.now()
    await sealed.answer_drill(drill_id, letter=typed.holder, proof=typed.proof, by=actor_of(request), now=now)
    return go_to(request, HERE)


def _file(content: bytes, *, name: str) -> HTTPResponse:
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
    }
    return HTTPResponse(content, headers=headers, content_type="application/json")
