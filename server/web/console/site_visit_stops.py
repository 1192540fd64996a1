"""The route and the observers of a visit in preparation, on the console."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct
from sanic import Blueprint, HTTPResponse, Request

from models import SiteVisit, VisitStop
from server import site_visits
from server.kernel.clock import SHANGHAI
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor, Permission
from server.scoring.rules import Id
from server.site_visits.refusals import BadStopWindow
from server.web.console.choices import task_choices, task_words, unit_choices
from server.web.console.pages import go_to, page
from server.web.console.reading_forms import AtVersion, read_form, ticked
from server.web.console.refusing import blaming
from server.web.console.site_visit_forms import person_ids, position_words, read_stop
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_site_visit_stops", url_prefix="/site-visits/<visit_id:uuid>")

FORM, RUN = desk(Permission.RUN_SCORING), desk(Permission.RUN_SCORING, csrf=True)
PERSON = "person-"  # a box for each candidate, named by their id


class MoveForm(AtVersion, frozen=True, kw_only=True):
    """The stop to move or remove."""

    stop_id: UUID
    move: Literal["up", "down", "out"]


class GroupForm(Struct, frozen=True):
    """The group that the ticked people join."""

    group: Id


@blueprint.get("/stops/new", name="new_stop", ctx_guard=FORM)
async def start_stop(request: Request, visit_id: UUID) -> HTTPResponse:
    """Show the form for a stop; its times follow those of the last one."""
    visit = await site_visits.visit_run_by(actor_of(request), visit_id)
    stops = await site_visits.stops_of(visit.id)
    return await _form(request, visit, stop=None, last=stops[-1] if stops else None)


@blueprint.post("/stops", name="add_stop", ctx_guard=RUN)
async def add_stop(request: Request, visit_id: UUID) -> HTTPResponse:
    """Add a stop at the end of the route."""
    actor = actor_of(request)
    visit = await site_visits.visit_run_by(actor, visit_id)
    stop, version = await read_stop(request, year=visit.held_on.year)
    with blaming({BadStopWindow: "closes"}):
        await site_visits.add_stop(visit_id, stop, version=version, by=actor, tools=tools_of(request))
    return go_to(request, f"/console/site-visits/{visit_id}")


@blueprint.get("/stops/<stop_id:uuid>", name="stop", ctx_guard=FORM)
async def show_stop(request: Request, visit_id: UUID, stop_id: UUID) -> HTTPResponse:
    """Show the form of a stop."""
    visit = await site_visits.visit_run_by(actor_of(request), visit_id)
    stop = await site_visits.stop_in(visit.id, stop_id)
    await stop.fetch_related("unit", "task")
    return await _form(request, visit, stop=stop, last=stop)


@blueprint.post("/stops/<stop_id:uuid>", name="change_stop", ctx_guard=RUN)
async def change_stop(request: Request, visit_id: UUID, stop_id: UUID) -> HTTPResponse:
    """Change a stop."""
    actor = actor_of(request)
    visit = await site_visits.visit_run_by(actor, visit_id)
    stop, version = await read_stop(request, year=visit.held_on.year)
    with blaming({BadStopWindow: "closes"}):
        await site_visits.change_stop(visit_id, stop_id, stop, version=version, by=actor)
    return go_to(request, f"/console/site-visits/{visit_id}")


@blueprint.post("/stop-order", name="move_stop", ctx_guard=RUN)
async def move_stop(request: Request, visit_id: UUID) -> HTTPResponse:
    """Move a stop up or down the route, or remove it."""
    typed, actor = read_form(request, MoveForm), actor_of(request)
    visit = await site_visits.visit_run_by(actor, visit_id)
    await site_visits.stop_in(visit.id, typed.stop_id)
    ids = moved([one.id for one in await site_visits.stops_of(visit.id)], typed.stop_id, typed.move)
    await site_visits.order_stops(visit_id, ids, version=typed.version, by=actor)
    return go_to(request, f"/console/site-visits/{visit_id}")


@blueprint.post("/observers", name="invite", ctx_guard=RUN)
async def invite(request: Request, visit_id: UUID) -> HTTPResponse:
    """Invite the ticked people into a group, all of them or nobody."""
    group = read_form(request, GroupForm).group
    await site_visits.visit_run_by(actor_of(request), visit_id)
    people = person_ids(ticked(request, PERSON))
    await _invite_all(request, visit_id, people, group, by=actor_of(request))
    return go_to(request, f"/console/site-visits/{visit_id}")


@blueprint.post("/observers/<observer_id:uuid>/removal", name="uninvite", ctx_guard=RUN)
async def uninvite(request: Request, visit_id: UUID, observer_id: UUID) -> HTTPResponse:
    """Remove a person from the list of a visit in preparation."""
    await site_visits.uninvite_observer(visit_id, observer_id, by=actor_of(request))
    return go_to(request, f"/console/site-visits/{visit_id}")


def moved(ids: list[UUID], one: UUID, move: Literal["up", "down", "out"]) -> list[UUID]:
    """Return the order after one step; the first can't go further up, nor the last further down."""
    at, rest = ids.index(one), [other for other in ids if other != one]
    if move == "out":
        return rest
    place = max(0, at - 1) if move == "up" else at + 1
    return [*rest[:place], one, *rest[place:]]


@unit_of_work
async def _invite_all(request: Request, visit_id: UUID, people: list[UUID], group: str, *, by: Actor) -> None:
    now = tools_of(request).clock.now()
    for person_id in people:
        await site_visits.invite_observer(visit_id, person_id=person_id, group=group, by=by, now=now)


async def _form(
    request: Request, visit: SiteVisit, *, stop: VisitStop | None, last: VisitStop | None
) -> HTTPResponse:
    task = stop.task if stop else None
    return await page(
        request,
        "site_visits/stop.html",
        visit=visit,
        stop=stop,
        opens=_clock(stop.opens_at if stop else last.closes_at if last else None) or "09:00",
        closes=_clock(stop.closes_at if stop else None),
        position=position_words(stop) if stop else "",
        task=task_words(task.code, task.name) if task else "",
        units=await unit_choices(),
        tasks=await task_choices(visit.held_on.year),
    )


def _clock(moment: datetime | None) -> str:
    """Return a time of day as its field holds it."""
    return f"{moment.astimezone(SHANGHAI):%H:%M}" if moment else ""
