"""Missions on phones: accept, load the whole route in one call, answer in any order, finish (V2)."""

from inspect import getdoc
from uuid import UUID

from msgspec import Struct
from sanic import Blueprint, HTTPResponse, Request

from models import Mission
from server import photos, team
from server.kernel.state_machine import WrongStep
from server.people import Permission
from server.team import Accept, GivenAnswer, MissionAction, MissionFilter
from server.team.refusals import AnswerIncomplete, NotAccepted
from server.web.door.admission import tools_of
from server.web.door.guards import phone
from server.web.door.operations import actor_of, answer, operation
from server.web.miniapp.mission_cards import (
    AnswerCard,
    Answered,
    MissionCard,
    MissionList,
    answer_card,
    mission_card,
    mission_line,
)

blueprint = Blueprint("missions")
GO = phone(Permission.GO_ON_MISSIONS)
ACCEPT = Accept()


@operation(
    blueprint,
    "GET",
    "/missions",
    summary="我的督察任务",
    guard=GO,
    query=MissionFilter,
    answers={200: MissionList},
)
async def list_missions(request: Request, query: MissionFilter) -> HTTPResponse:
    """Return the missions this person is a member of, the latest day first."""
    found = await team.missions_gone_on_by(actor_of(request), query)
    places = found[: query.limit]
    cursor = places[-1].mission.id if len(found) > query.limit else None
    progress = await team.progress_of([place.mission_id for place in places])
    lines = [mission_line(place.mission, place, progress=progress[place.mission_id]) for place in places]
    return answer(MissionList(lines, cursor))


@operation(
    blueprint,
    "GET",
    "/missions/<mission_id:uuid>",
    summary="督察任务",
    guard=GO,
    answers={200: MissionCard},
)
async def see_mission(request: Request, mission_id: UUID) -> HTTPResponse:
    """Return the whole mission in at most 300 KiB: route, checklist, tasks and answers."""
    return await _card(request, mission_id)


@operation(
    blueprint,
    "PUT",
    "/missions/<mission_id:uuid>/answers/<question_id:uuid>",
    summary="填写检查项",
    guard=GO,
    body=GivenAnswer,
    answers={200: Answered},
    refusals=(NotAccepted, AnswerIncomplete, WrongStep),
)
async def answer_question(
    request: Request, command: GivenAnswer, mission_id: UUID, question_id: UUID
) -> HTTPResponse:
    """Answer a question, in any order and from anywhere; repeating an answer changes nothing, a new one replaces it.

    Photos are announced by digest and sent to /photos.
    """
    actor = actor_of(request)
    done = await team.answer_question(
        mission_id, question_id, given=command, by=actor, now=tools_of(request).clock.now()
    )
    card = answer_card(done.answer, person_id=actor.person.id, missing=done.missing)
    failed = done.answer.passed is False
    words = "已记下，并建议改革办归集为问题。" if failed else "已记下。"
    return answer(Answered(card, failed, words))


def mission_action(action: MissionAction) -> None:
    """Declare an action: PUT to a sub-resource of the mission; repeating it changes nothing."""
    asks = None if action.command is Accept else action.command

    async def handle(request: Request, mission_id: UUID, command: Struct = ACCEPT) -> HTTPResponse:
        await action.verb(mission_id, command, by=actor_of(request), now=tools_of(request).clock.now())
        return await _card(request, mission_id)

    handle.__name__ = action.operation
    handle.__doc__ = (getdoc(action.verb) or "").partition("\n\n")[0]
    operation(
        blueprint,
        "PUT",
        f"/missions/<mission_id:uuid>/{action.noun}",
        summary=action.label,
        guard=phone(action.permission),
        body=asks,
        answers={200: MissionCard},
        refusals=(*action.refusals, WrongStep),
    )(handle)


for one in team.ACTIONS:
    if one.operation:
        mission_action(one)


async def _card(request: Request, mission_id: UUID) -> HTTPResponse:
    actor = actor_of(request)
    mission, place = await team.mission_gone_on_by(actor, mission_id)
    await mission.fetch_related("tasks__lead_unit")
    progress = (await team.progress_of([mission.id]))[mission.id]
    card = mission_card(
        mission,
        line=mission_line(mission, place, progress=progress),
        route=await team.route_of(mission),
        sent=await team.sent_on(mission),
        answers=await _answers(mission, person_id=actor.person.id),
    )
    return answer(card)


async def _answers(mission: Mission, *, person_id: UUID) -> dict[UUID, AnswerCard]:
    answers = await team.answers_of(mission)
    missing = await photos.missing_of([one.id for one in answers.values()])
    return {
        question_id: answer_card(one, person_id=person_id, missing=missing.get(one.id, []))
        for question_id, one in answers.items()
    }
