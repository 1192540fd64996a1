"""Who was there, as staff decide it on the console: by hand, confirmed, or not there; and who is recused or excused."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models.vocabulary import RecusalKind
from server import scoring, site_visits
from server.people import Permission
from server.web.console.pages import go_to
from server.web.console.reading_forms import read_form, ticked
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of
from server.web.door.reading import Invalid

blueprint = Blueprint("console_site_visit_presence", url_prefix="/site-visits/<visit_id:uuid>")

RUN = desk(Permission.RUN_SCORING, csrf=True)
CHECK_IN, STOP = "check-in-", "stop-"  # boxes, named by the id of what they tick
Reason = Annotated[str, Meta(min_length=1, max_length=200)]


class ReasonForm(Struct, frozen=True, kw_only=True):
    """Why staff decide so."""

    reason: Reason


class ByHandForm(ReasonForm, frozen=True, kw_only=True):
    """An observer whom staff saw at a stop."""

    stop_id: UUID
    observer_id: UUID


class JudgeForm(ReasonForm, frozen=True, kw_only=True):
    """A judge about whom staff decide something."""

    judge_id: UUID


class RecusalForm(JudgeForm, frozen=True, kw_only=True):
    """The entry that a judge does not score."""

    entry_id: UUID


@blueprint.post("/check-ins", name="by_hand", ctx_guard=RUN)
async def check_in_by_hand(request: Request, visit_id: UUID) -> HTTPResponse:
    """Check an observer in by hand."""
    typed, now = read_form(request, ByHandForm), tools_of(request).clock.now()
    await site_visits.check_in_by_hand(
        visit_id,
        typed.stop_id,
        observer_id=typed.observer_id,
        reason=typed.reason,
        by=actor_of(request),
        now=now,
    )
    return _back(request, visit_id)


@blueprint.post("/confirmations", name="confirm", ctx_guard=RUN)
async def confirm(request: Request, visit_id: UUID) -> HTTPResponse:
    """Confirm the ticked check-ins."""
    reason, now = read_form(request, ReasonForm).reason, tools_of(request).clock.now()
    ids = ticked(request, CHECK_IN)
    if not ids:
        raise Invalid(fields=[{"field": "check_ins", "label_zh": "签到", "message_zh": "请至少勾选一次签到"}])
    await site_visits.confirm_check_ins(visit_id, ids, reason=reason, by=actor_of(request), now=now)
    return _back(request, visit_id)


@blueprint.post("/check-ins/<check_in_id:uuid>/rejection", name="reject", ctx_guard=RUN)
async def reject(request: Request, visit_id: UUID, check_in_id: UUID) -> HTTPResponse:
    """Decide that an observer was not there."""
    reason, now = read_form(request, ReasonForm).reason, tools_of(request).clock.now()
    await site_visits.reject_check_in(visit_id, check_in_id, reason=reason, by=actor_of(request), now=now)
    return _back(request, visit_id)


@blueprint.post("/recusals", name="recuse", ctx_guard=RUN)
async def recuse(request: Request, visit_id: UUID) -> HTTPResponse:
    """Recuse a judge from a stop."""
    typed = read_form(request, RecusalForm)
    await scoring.recuse(
        visit_id,
        judge_id=typed.judge_id,
        entry_id=typed.entry_id,
        kind=RecusalKind.DECLARED,
        reason=typed.reason,
        by=actor_of(request),
    )
    return _back(request, visit_id)


@blueprint.post("/exceptions", name="excuse", ctx_guard=RUN)
async def excuse(request: Request, visit_id: UUID) -> HTTPResponse:
    """Let a judge's ballots count although they could not be everywhere."""
    typed = read_form(request, JudgeForm)
    await scoring.excuse(visit_id, judge_id=typed.judge_id, reason=typed.reason, by=actor_of(request))
    return _back(request, visit_id)


@blueprint.post("/exclusions", name="exclude", ctx_guard=RUN)
async def exclude(request: Request, visit_id: UUID) -> HTTPResponse:
    """Decide that a judge's ballots at the ticked stops do not count."""
    typed, now = read_form(request, JudgeForm), tools_of(request).clock.now()
    ids = ticked(request, STOP)
    if not ids:
        raise Invalid(fields=[{"field": "stops", "label_zh": "点位", "message_zh": "请至少勾选一个点位"}])
    await scoring.exclude(
        visit_id,
        judge_id=typed.judge_id,
        entry_ids=ids,
        reason=typed.reason,
        by=actor_of(request),
        now=now,
    )
    return _back(request, visit_id)


def _back(request: Request, visit_id: UUID) -> HTTPResponse:
    return go_to(request, f"/console/site-visits/{visit_id}")
