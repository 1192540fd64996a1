"""Missions on the console: plan and send them, see what they found, and turn failed answers into problems."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models.vocabulary import Datum, MissionState
from server import journal, photos, team
from server.kernel.clock import business_date
from server.notifications.inbox import tell
from server.people import Permission, may
from server.team import MissionAction, NewMission, SendMembers
from server.web.console.choices import chosen_unit, unit_choices
from server.web.console.pages import go_to, page
from server.web.console.picturing import picture_of
from server.web.console.reading_forms import AtVersion, read_filter, read_form, ticked
from server.web.console.typing_routes import typed_stops
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_missions", url_prefix="/missions")

SEE, PLAN = desk(Permission.SEE_MISSIONS), desk(Permission.PLAN_MISSIONS, csrf=True)
MEMBER = "member-"  # a box for each member, named by their id
PAGE = 50


class WhichMissions(Struct, frozen=True):
    """The state of the missions to show, and the page."""

    state: MissionState | None = None
    page: Annotated[int, Meta(ge=1, le=1000)] = 1


class MissionForm(Struct, frozen=True, kw_only=True):
    """A mission as typed: one stop per line, its points after a colon, separated by semicolons."""

    title: Annotated[str, Meta(min_length=2, max_length=60)]
    planned_on: date
    stops: Annotated[str, Meta(min_length=2, max_length=8000)]
    datum: Datum = Datum.GCJ02
    brief: Annotated[str, Meta(max_length=1000)] = ""
    partner: Annotated[str, Meta(max_length=80)] = ""


class AnswerForm(Struct, frozen=True):
    """A failed answer that becomes a problem."""

    answer_id: UUID


class DismissalForm(AnswerForm, frozen=True):
    """A failed answer that does not become a problem, and why."""

    reason: Annotated[str, Meta(min_length=1, max_length=200)]


@blueprint.get("/", name="list", ctx_guard=SEE)
async def show_list(request: Request) -> HTTPResponse:
    """Show the missions of the actor's organisation, its own and joint ones, the latest day first."""
    wanted = read_filter(request, WhichMissions)
    found = await team.missions_of(
        actor_of(request), state=wanted.state, limit=PAGE + 1, offset=PAGE * (wanted.page - 1)
    )
    shown = found[:PAGE]
    return await page(
        request,
        "missions/list.html",
        missions=shown,
        progress=await team.progress_of([one.id for one in shown]),
        wanted=wanted,
        has_more=len(found) > PAGE,
        states=MissionState,
    )


@blueprint.get("/new", name="new", ctx_guard=desk(Permission.PLAN_MISSIONS))
async def start(request: Request) -> HTTPResponse:
    """Show the form for a mission."""
    today = business_date(tools_of(request).clock.now())
    return await page(request, "missions/new.html", today=today, units=await unit_choices())


@blueprint.post("/", name="plan", ctx_guard=PLAN)
async def plan(request: Request) -> HTTPResponse:
    """Plan a mission."""
    typed = read_form(request, MissionForm)
    new = NewMission(
        title=typed.title,
        planned_on=typed.planned_on,
        brief=typed.brief,
        partner_id=await chosen_unit(typed.partner),
        stops=typed_stops(typed.stops, typed.datum),
    )
    mission = await team.plan_mission(new, by=actor_of(request), now=tools_of(request).clock.now())
    return go_to(request, f"/console/missions/{mission.id}")


@blueprint.get("/<mission_id:uuid>", name="mission", ctx_guard=SEE)
async def show_mission(request: Request, mission_id: UUID) -> HTTPResponse:
    """Show one mission: route, findings, members, people who may join, and proposed problems."""
    actor = actor_of(request)
    mission = await team.mission_seen_by(actor, mission_id)
    plans = may(actor.duties, Permission.PLAN_MISSIONS)
    answers = await team.answers_of(mission)
    shots = await photos.photos_of_each([one.id for one in answers.values()])
    members = await team.members_of(actor) if may(actor.duties, Permission.SEE_TEAM) else []
    return await page(
        request,
        "missions/mission.html",
        mission=mission,
        tasks=list(mission.tasks),
        route=[(stop, list(stop.questions)) for stop in await team.route_of(mission)],
        answers=answers,
        shots={
            answer_id: [picture_of(one, subject_id=answer_id) for one in taken]
            for answer_id, taken in shots.items()
        },
        sent=await team.sent_on(mission),
        members=members,
        certified=await team.certified_on(mission.planned_on, [one.id for one in members]),
        progress=(await team.progress_of([mission.id]))[mission.id],
        joinable=await team.joinable(actor, mission),
        proposals=await team.proposals(actor, mission_id=mission.id) if plans else [],
        open_deeds=team.actions_of_organisers(mission) if plans else [],
        deeds=await tell(await journal.timeline(mission.id)),
    )


def mission_action(action: MissionAction) -> None:
    """Declare a form on the mission's page, done at the version that was seen."""

    async def handle(request: Request, mission_id: UUID) -> HTTPResponse:
        command = _sent(request) if action.code == "dispatch" else read_form(request, action.command)
        await action.verb(mission_id, command, by=actor_of(request), now=tools_of(request).clock.now())
        return go_to(request, f"/console/missions/{mission_id}")

    guard = desk(action.permission, csrf=True)
    blueprint.add_route(
        handle, f"/<mission_id:uuid>/{action.noun}", methods=["POST"], name=action.code, ctx_guard=guard
    )


def _sent(request: Request) -> SendMembers:
    """Return the members whose boxes are ticked."""
    version = read_form(request, AtVersion).version
    return SendMembers(version=version, members=ticked(request, MEMBER))


@blueprint.post("/<mission_id:uuid>/problems", name="take_in", ctx_guard=PLAN)
async def take_in(request: Request, mission_id: UUID) -> HTTPResponse:
    """Turn a failed answer into a problem in the bank of the actor's unit, as proposed."""
    answer_id, now = read_form(request, AnswerForm).answer_id, tools_of(request).clock.now()
    problem = await team.take_in_proposal(answer_id, by=actor_of(request), now=now)
    return go_to(request, f"/console/problems/{problem.id}")


@blueprint.post("/<mission_id:uuid>/dismissals", name="dismiss", ctx_guard=PLAN)
async def dismiss(request: Request, mission_id: UUID) -> HTTPResponse:
    """Close a failed answer without a problem."""
    typed = read_form(request, DismissalForm)
    await team.dismiss_proposal(typed.answer_id, because=typed.reason, by=actor_of(request))
    return go_to(request, f"/console/missions/{mission_id}")


for one in team.ACTIONS:
    if one.at_desk:
        mission_action(one)
