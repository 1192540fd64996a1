"""The published result of a visit: why each score is what it is, on the page, on paper, and in files to recompute."""

import asyncio
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
import structlog
from sanic import Blueprint, HTTPResponse, Request

from models import SiteVisit
from models.vocabulary import Scope
from server import people, scoring, site_visits
from server.gateways.excel import SheetColumn, write_sheet
from server.gateways.typesetting import TypesettingFailed
from server.kernel.refusal import NoSuchThing
from server.people import Actor, Permission, may
from server.scoring.aggregation import total_of
from server.scoring.figures import in_full
from server.scoring.rules import rules_from
from server.site_visits import VisitResult
from server.site_visits.refusals import ResultNotPrinted
from server.web.console.pages import page
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

log = structlog.get_logger(__name__)
blueprint = Blueprint("console_site_visit_results", url_prefix="/site-visits/<visit_id:uuid>")

READ, SEE = desk(), desk(Permission.SEE_SCORING)  # observers and scored units read the result, too
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIXED = (
    SheetColumn(header="评分表摘要", width=66),
    SheetColumn(header="盐", width=34),
    SheetColumn(header="评审组", width=18),
    SheetColumn(header="点位", width=26),
)


@blueprint.get("/result", name="result", ctx_guard=READ)
async def show_result(request: Request, visit_id: UUID) -> HTTPResponse:
    """Show the ranking and each 计分单; the office also sees what its review needs."""
    actor = actor_of(request)
    visit = await site_visits.result_seen_by(actor, visit_id)
    result = await site_visits.published_visit_result(visit)
    is_office = await _sees_as_office(actor, visit)
    return await page(
        request,
        "site_visits/result.html",
        visit=visit,
        result=result,
        is_office=is_office,
        comments=await _comments(actor, visit, result, is_office=is_office),
        review=await scoring.review_of(visit.id, by=actor) if is_office and not result.earlier else None,
        round=(await site_visits.rounds_of([visit]))[visit.id],
    )


@blueprint.get("/result.pdf", name="paper", ctx_guard=READ)
async def print_result(request: Request, visit_id: UUID) -> HTTPResponse:
    """Send the result as PDF/A with the digest of its rules; the person waits while it is typeset."""
    visit = await site_visits.result_seen_by(actor_of(request), visit_id)
    result = await site_visits.published_visit_result(visit)
    try:
        paper = await site_visits.result_on_paper(result, tools=tools_of(request))
    except TypesettingFailed as error:
        log.error("typesetting_failed", visit=str(visit.id), said=str(error))
        raise ResultNotPrinted from error
    return _file(paper, "application/pdf", visit, "pdf")


@blueprint.get("/result.json", name="export", ctx_guard=SEE)
async def export_result(request: Request, visit_id: UUID) -> HTTPResponse:
    """Send the rules, anonymous ballots, result and digests; nobody gets the file before publication."""
    visit = await site_visits.visit_seen_by(actor_of(request), visit_id)
    told = await scoring.published_export(visit.id)
    return _file(msgspec.json.encode(told), "application/json", visit, "json")


@blueprint.get("/result.xlsx", name="sheet", ctx_guard=SEE)
async def export_sheet(request: Request, visit_id: UUID) -> HTTPResponse:
    """Send the raw ballots as a sheet, in the order of their digests; with names only if the rules said so before."""
    actor = actor_of(request)
    visit = await site_visits.visit_seen_by(actor, visit_id)
    told = await scoring.published_export(visit.id)
    persons = await scoring.names_of(visit.id, by=actor)
    known = await people.designations_of(persons.values())
    names = {digest: known.get(person_id, "") for digest, person_id in persons.items()}
    sheet = await asyncio.to_thread(_ballots_sheet, told, names, visit.title)
    return _file(sheet, EXCEL, visit, "xlsx")


def _ballots_sheet(told: dict[str, Any], names: dict[str, str], title: str) -> bytes:
    """Write the ballots of an export; blocks."""
    rules = rules_from(told["rules"])
    groups = {one["id"]: one["name"] for one in told["groups"]}
    entries = {one["id"]: one["name"] for one in told["entries"]}
    columns = [
        *FIXED,
        *(SheetColumn(header=one.name, width=14) for one in rules.criteria),
        SheetColumn(header="总分", width=12),
        *([SheetColumn(header="观察员", width=14)] if names else []),
    ]
    rows = [
        [
            one["digest"],
            one["salt"],
            groups[one["group"]],
            entries[one["entry"]],
            *(_number(one["scores"][criterion.id]) for criterion in rules.criteria),
            _number(in_full(total_of(one["scores"], rules))),
            *([names.get(one["digest"], "")] if names else []),
        ]
        for one in told["ballots"]
    ]
    note = f"规则摘要 {told['rule_digest']}。按评分表摘要排序，不含时间和先后；复算请用JSON文件。"
    return write_sheet(columns, rows, title=f"{title}原始评分表", notes=[note])


def _number(text: str) -> int | float:
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else float(value)


async def _sees_as_office(actor: Actor, visit: SiteVisit) -> bool:
    if not may(actor.duties, Permission.SEE_SCORING):
        return False
    try:
        await site_visits.visit_seen_by(actor, visit.id)
    except NoSuchThing:  # another office whose own unit was scored
        return False
    return True


async def _comments(
    actor: Actor, visit: SiteVisit, result: VisitResult, *, is_office: bool
) -> dict[UUID, list[str]]:
    """Return what was written about the stops: all for the office, a unit's own for the unit, none for others."""
    own = {duty.organisation_id for duty in actor.duties if duty.scope is not Scope.OWN}
    wanted = [one.stop_id for one in result.lines if is_office or (one.unit_id and one.unit_id in own)]
    return {stop_id: await scoring.published_comments(visit.id, stop_id) for stop_id in wanted}


def _file(content: bytes, kind: str, visit: SiteVisit, ending: str) -> HTTPResponse:
    name = f"attachment; filename=result-{visit.held_on:%Y%m%d}.{ending}"
    headers = {"Cache-Control": "no-store", "Content-Disposition": name}
    return HTTPResponse(content, headers=headers, content_type=kind)
