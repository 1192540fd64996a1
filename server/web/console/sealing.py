"""Sealed reports on the console: the key-holders, and the openings that were requested, agreed and read."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models import EscrowOpening
from models.vocabulary import OpeningReason
from server import observations, sealed
from server.gateways.escrow import HOLDERS
from server.kernel.clock import business_date
from server.people import Permission
from server.sealed import Wish
from server.web.console.pages import go_to, page
from server.web.console.reading_forms import read_form
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_sealing", url_prefix="/sealing")

SEE = desk(Permission.SEE_SEALING)
OPEN, KEEP = desk(Permission.OPEN_ENVELOPES, csrf=True), desk(Permission.KEEP_KEYS, csrf=True)
HERE = "/console/sealing"
HINTS = {"A": "如纪检监察机关", "B": "如司法局公职律师", "C": "如督查室"}

Name = Annotated[str, Meta(min_length=1, max_length=60, pattern=r"\S")]
Key = Annotated[str, Meta(min_length=1, max_length=4000)]


class Holders(Struct, frozen=True):
    """Three key-holders, each with office, name and public key."""

    office_a: Name
    name_a: Name
    key_a: Key
    office_b: Name
    name_b: Name
    key_b: Key
    office_c: Name
    name_c: Name
    key_c: Key


class AskOpening(Struct, frozen=True):
    """Which envelope to open, why, under which file, and who reads it."""

    receipt_number: Annotated[str, Meta(min_length=1, max_length=40)]
    reason: OpeningReason
    words: Annotated[str, Meta(min_length=5, max_length=300, pattern=r"\S")]
    file_number: Annotated[str, Meta(min_length=2, max_length=60, pattern=r"\S")]
    reader_name: Name
    reader_key: Key


class HolderAnswered(Struct, frozen=True):
    """What a holder's own machine printed."""

    answer: Annotated[str, Meta(min_length=1, max_length=20_000)]


@blueprint.get("/", name="list", ctx_guard=SEE)
async def show(request: Request) -> HTTPResponse:
    """Show the current key-holders with their fingerprints, former ones, and every opening that was ever requested."""
    keyset, asked = await sealed.current(), await sealed.openings()
    today = business_date(tools_of(request).clock.now())
    return await page(
        request,
        "sealing/list.html",
        keyset=keyset,
        fingerprints=sealed.fingerprints(keyset) if keyset else {},
        earlier=await sealed.earlier(),
        asked=asked,
        receipts=await observations.receipts_of(one.observation_id for one in asked),
        letters=HOLDERS,
        hints=HINTS,
        reasons=list(OpeningReason),
        leavings=await sealed.leavings(),
        drill=await sealed.drill_of(keyset) if keyset else None,
        overdue=await sealed.due_since(keyset, today=today) if keyset else None,
    )


@blueprint.post("/holders", name="set_up", ctx_guard=KEEP)
async def set_up(request: Request) -> HTTPResponse:
    """Appoint three key-holders."""
    typed = read_form(request, Holders)
    holders = {
        letter: {field: getattr(typed, f"{field}_{letter.lower()}") for field in ("office", "name", "key")}
        for letter in HOLDERS
    }
    await sealed.set_up(holders, by=actor_of(request), now=tools_of(request).clock.now())
    return go_to(request, HERE)


@blueprint.post("/openings", name="ask", ctx_guard=OPEN)
async def ask(request: Request) -> HTTPResponse:
    """Request an opening; it is in the journal before the request can be downloaded."""
    typed, tools = read_form(request, AskOpening), tools_of(request)
    wish = Wish(**{field: getattr(typed, field) for field in typed.__struct_fields__})
    asked = await sealed.ask(wish, keys=tools.keys, by=actor_of(request), now=tools.clock.now())
    return go_to(request, f"{HERE}/openings/{asked.id}")


@blueprint.get("/openings/<opening_id:uuid>", name="show", ctx_guard=SEE)
async def show_opening(request: Request, opening_id: UUID) -> HTTPResponse:
    """Show one request: who has agreed so far, and what comes next."""
    asked = await sealed.opening(opening_id)
    number = (await observations.receipts_of([asked.observation_id])).get(asked.observation_id, "")
    return await page(
        request,
        "sealing/opening.html",
        asked=asked,
        number=number,
        offices=await sealed.offices_that_agreed(asked),
        reader=sealed.fingerprint(asked.reader_key),
    )


@blueprint.get(
    "/openings/<opening_id:uuid>/request", name="request", ctx_guard=desk(Permission.OPEN_ENVELOPES)
)
async def send_request(request: Request, opening_id: UUID) -> HTTPResponse:
    """Send the file for the holders' own machines."""
    asked = await sealed.opening(opening_id)
    content = await sealed.request_of(asked, keys=tools_of(request).keys)
    return _file(content, name=f"打开申请-{_plain(asked)}.json")


@blueprint.post("/openings/<opening_id:uuid>/answers", name="answer", ctx_guard=OPEN)
async def lay_answer(request: Request, opening_id: UUID) -> HTTPResponse:
    """Submit a holder's answer to its request."""
    text, keys = read_form(request, HolderAnswered).answer, tools_of(request).keys
    await sealed.lay_answer(opening_id, text=text, keys=keys, by=actor_of(request))
    return go_to(request, f"{HERE}/openings/{opening_id}")


@blueprint.post("/openings/<opening_id:uuid>/package", name="package", ctx_guard=OPEN)
async def send_package(request: Request, opening_id: UUID) -> HTTPResponse:
    """Send the file that the named reader opens at home; from now on the reporter is told."""
    tools = tools_of(request)
    asked = await sealed.opening(opening_id)
    content = await sealed.package_of(
        opening_id, keys=tools.keys, by=actor_of(request), now=tools.clock.now()
    )
    return _file(content, name=f"身份信封-{_plain(asked)}.json")


def _plain(asked: EscrowOpening) -> str:
    return f"{asked.asked_on:%Y%m%d}-{asked.id.hex[:6]}"


def _file(content: bytes, *, name: str) -> HTTPResponse:
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
    }
    return HTTPResponse(content, headers=headers, content_type="application/json")
