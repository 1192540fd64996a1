"""Obligations on the console: the year's wall calendar, the list behind every number, and one with its proofs."""

import asyncio
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote, urlencode
from uuid import UUID

import msgspec
from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models.vocabulary import ObligationState, ProofKind
from server import files, journal, obligations
from server.gateways.excel import SheetColumn, write_sheet
from server.kernel.clock import business_date
from server.notifications.inbox import tell
from server.obligations import HandIn, ObligationFilter, Standing, WithdrawProof, times_words
from server.people import Permission
from server.web.console.pages import go_to, page
from server.web.console.reading_forms import read_filter, read_form
from server.web.console.tasks import SHEET
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_obligations", url_prefix="/obligations")

SEE = desk(Permission.SEE_OBLIGATIONS)
HAND_IN = desk(Permission.HAND_IN, csrf=True)
COLUMNS = [
    SheetColumn(header="单位", width=24),
    SheetColumn(header="定期任务", width=20),
    SheetColumn(header="周期", width=14),
    SheetColumn(header="期限", width=12),
    SheetColumn(header="要求", width=12),
    SheetColumn(header="已上交", width=8),
    SheetColumn(header="状态", width=14),
    SheetColumn(header="措施", width=8),
]


class HandInForm(Struct, frozen=True, kw_only=True):
    """What was done, as typed; files are added on the record's page."""

    kind: ProofKind
    title: Annotated[str, Meta(min_length=2, max_length=120)]
    done_on: date


class WithdrawalForm(Struct, frozen=True, kw_only=True):
    """Why a proof is withdrawn."""

    reason: Annotated[str, Meta(min_length=2, max_length=200)]


@blueprint.get("/", name="wall", ctx_guard=SEE)
async def show_wall(request: Request) -> HTTPResponse:
    """Show the year as a wall calendar: organisations and duties by months, each cell opens its proofs."""
    _wanted, found, shown = await _found(request)
    return await page(
        request,
        "obligations/wall.html",
        rows=obligations.wall_of(found),
        **shown,
    )


@blueprint.get("/list", name="list", ctx_guard=SEE)
async def show_list(request: Request) -> HTTPResponse:
    """Show the obligations of a filter as rows; their number is the one that the wall and other pages tell."""
    _wanted, found, shown = await _found(request)
    return await page(request, "obligations/list.html", found=found, times_words=times_words, **shown)


@blueprint.get("/sheet", name="sheet", ctx_guard=SEE)
async def send_sheet(request: Request) -> HTTPResponse:
    """Send the obligations of a filter as a spreadsheet."""
    _wanted, found, shown = await _found(request)
    title = f"{shown['year']}年定期任务"
    content = await asyncio.to_thread(write_sheet, COLUMNS, [_row(one) for one in found], title=title)
    name = quote(f"{title}.xlsx")
    disposition = f"attachment; filename=\"obligations.xlsx\"; filename*=UTF-8''{name}"
    return HTTPResponse(content, headers={"Content-Disposition": disposition}, content_type=SHEET)


@blueprint.get("/<obligation_id:uuid>", name="obligation", ctx_guard=SEE)
async def show_obligation(request: Request, obligation_id: UUID) -> HTTPResponse:
    """Show an obligation: what is asked, its proofs with their files, and the form to hand one in."""
    actor, today = actor_of(request), _today(request)
    one = await obligations.obligation_seen_by(actor, obligation_id, today=today)
    proofs = await obligations.proofs_of(one.owed)
    return await page(
        request,
        "obligations/obligation.html",
        one=one,
        owed=one.owed,
        proofs=proofs,
        files=await files.files_of([proof.subject_id for proof in proofs]),
        kinds=obligations.kinds_of(one.owed),
        may_hand_in=obligations.may_hand_in(actor, one.owed),
        day=min(today, one.owed.due_on),
        times_words=times_words,
        deeds=await tell(await journal.timeline(*(proof.id for proof in proofs))),
        records=RECORDS,
    )


@blueprint.post("/<obligation_id:uuid>/proofs", name="hand_in", ctx_guard=HAND_IN)
async def hand_in(request: Request, obligation_id: UUID) -> HTTPResponse:
    """Hand in what was done, for one's own organisation."""
    typed = read_form(request, HandInForm)
    command = HandIn(kind=typed.kind, title=typed.title, done_on=typed.done_on)
    now = tools_of(request).clock.now()
    done = await obligations.hand_in(obligation_id, command, by=actor_of(request), now=now)
    record = RECORDS.get(done.proof.subject_kind)
    address = f"{record}/{done.proof.subject_id}" if record else f"/console/obligations/{obligation_id}"
    return go_to(request, address)


@blueprint.post("/proofs/<proof_id:uuid>/withdrawal", name="withdraw", ctx_guard=HAND_IN)
async def withdraw(request: Request, proof_id: UUID) -> HTTPResponse:
    """Withdraw a proof of one's own organisation."""
    command = WithdrawProof(reason=read_form(request, WithdrawalForm).reason)
    now = tools_of(request).clock.now()
    proof = await obligations.withdraw(proof_id, command, by=actor_of(request), now=now)
    asked = {"organisation_id": proof.organisation_id, "year": proof.counts_on.year}
    return go_to(request, f"/console/obligations/list?{urlencode(asked)}")


RECORDS = {
    "meeting": "/console/meetings",
    "month_report": "/console/month-reports",
    "topic_answer": "/console/topic-calls/answers",
}  # with pages of their own


async def _found(request: Request) -> tuple[ObligationFilter, list[Standing], dict[str, Any]]:
    """Return the filter, what it finds, and what both the wall and the list show of it."""
    actor, today = actor_of(request), _today(request)
    wanted = read_filter(request, ObligationFilter)
    year = wanted.year or today.year
    found = await obligations.obligations_of(actor, wanted, today=today)
    whole = ObligationFilter(year=year, mine=wanted.mine)
    everything = await obligations.obligations_of(actor, whole, today=today)
    plain = msgspec.structs.replace(wanted, year=year, state=None)
    within = await obligations.obligations_of(actor, plain, today=today)
    shown = {
        "wanted": wanted,
        "year": year,
        "total": len(found),
        "counts": obligations.counts_of(within),
        "states": ObligationState,
        "units": {one.owed.organisation_id: one.owed.organisation for one in everything},
        "rules": {one.owed.rule_code: one.owed.name for one in everything if one.owed.period},
        "query": lambda **changes: _query(plain, **changes),
        "today": today,
    }
    return wanted, found, shown


def _query(wanted: ObligationFilter, **changes: Any) -> str:
    told = {name: getattr(wanted, name) for name in wanted.__struct_fields__} | changes
    words = {name: "true" if value is True else value for name, value in told.items() if value}
    return urlencode(words)


def _row(one: Standing) -> list[Any]:
    owed = one.owed
    times = times_words(owed.least, owed.most)
    facts = [owed.organisation.name, owed.name, one.period, owed.due_on, times, one.proofs]
    return [*facts, one.state.label, owed.measure]


def _today(request: Request) -> date:
    return business_date(tools_of(request).clock.now())


@blueprint.get("/proofs/<proof_id:uuid>", name="proof", ctx_guard=SEE)
async def show_proof(request: Request, proof_id: UUID) -> HTTPResponse:
    """Go to the obligation that a proof counts for."""
    owed = await obligations.obligation_of_proof(actor_of(request), proof_id)
    return go_to(request, f"/console/obligations/{owed.id}")
