"""Planning a mission: its day, its route and the checklist of each stop, alone or jointly (M10)."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID, uuid4

from msgspec import Meta, Struct

from models import ChecklistQuestion, Mission, MissionStop, Organisation, ReformTask
from models.vocabulary import Datum, MissionState, QuestionKind
from server import journal
from server.kernel.clock import business_date
from server.kernel.places import Position, to_wgs84
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.observations.refusals import NoSuchTask
from server.people import Actor, Permission
from server.team.commands import CancelMission
from server.team.refusals import DayIsOver, MissionTooLong, NoSuchPartner
from server.team.stepping import lock_for_step, transition

MOST_QUESTIONS = 120  # a mission is preloaded in one call of at most 300 KiB (V2)


class Where(Struct, frozen=True, forbid_unknown_fields=True):
    """A position in degrees with its datum."""

    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    datum: Datum


class NewQuestion(Struct, frozen=True, forbid_unknown_fields=True):
    """A question of the checklist."""

    text: Annotated[str, Meta(min_length=2, max_length=120)]
    kind: QuestionKind = QuestionKind.PASS_FAIL
    needs_photo: bool = False


class NewStop(Struct, frozen=True, forbid_unknown_fields=True):
    """A place on the route; a phone within `fence_m` metres counts as there."""

    place_name: Annotated[str, Meta(min_length=2, max_length=120)]
    where: Where | None = None
    fence_m: Annotated[int, Meta(ge=20, le=5000)] = 200
    questions: Annotated[list[NewQuestion], Meta(max_length=30)] = []


class NewMission(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A mission as the office plans it."""

    title: Annotated[str, Meta(min_length=2, max_length=60)]
    planned_on: date
    stops: Annotated[list[NewStop], Meta(min_length=1, max_length=20)]
    brief: Annotated[str, Meta(max_length=1000)] = ""
    partner_id: UUID | None = None
    task_ids: Annotated[list[UUID], Meta(max_length=10)] = []


@unit_of_work
async def plan_mission(new: NewMission, *, by: Actor, now: datetime) -> Mission:
    """Plan a mission of the actor's own organisation; see `joinable` before sending members.

    Raises DayIsOver, MissionTooLong, NoSuchPartner, NoSuchTask.
    """
    organisation = await _organiser(by)
    if new.planned_on < business_date(now):
        raise DayIsOver
    if sum(len(stop.questions) for stop in new.stops) > MOST_QUESTIONS:
        raise MissionTooLong
    mission = await Mission.create(
        id=uuid4(),
        organisation=organisation,
        partner=await _partner(new.partner_id, organiser=organisation),
        title=new.title,
        brief=new.brief,
        planned_on=new.planned_on,
        state=MissionState.PLANNED,
        planned_by=by.person,
        planned_at=now,
    )
    await mission.tasks.add(*await _tasks(new.task_ids))
    for position, stop in enumerate(new.stops, start=1):
        await _add_stop(mission, stop, position=position)
    await journal.record("mission.planned", mission, by=by.person, stops=len(new.stops))
    return mission


@unit_of_work
async def cancel_mission(mission_id: UUID, command: CancelMission, *, by: Actor, now: datetime) -> Mission:
    """Cancel a mission before it is under way."""
    mission = await lock_for_step(mission_id, "cancel", version=command.version, by=by)
    return await transition(mission, "cancel", event="cancelled", by=by, reason=command.reason)


async def _organiser(by: Actor) -> Organisation:
    own = [reach.organisation_id for reach in by.reaches(Permission.PLAN_MISSIONS) if reach.organisation_id]
    found = await Organisation.get_or_none(id=own[0]) if own else None
    if found is None:
        raise NoSuchThing
    return found


async def _partner(partner_id: UUID | None, *, organiser: Organisation) -> Organisation | None:
    if partner_id is None:
        return None
    found = await Organisation.get_or_none(id=partner_id)
    if found is None or found.id == organiser.id:
        raise NoSuchPartner
    return found


async def _tasks(task_ids: list[UUID]) -> list[ReformTask]:
    found = await ReformTask.filter(id__in=task_ids, is_current=True)
    if len(found) < len(set(task_ids)):
        raise NoSuchTask
    return found


async def _add_stop(mission: Mission, new: NewStop, *, position: int) -> None:
    here = new.where and to_wgs84(Position(new.where.latitude, new.where.longitude, new.where.datum))
    stop = await MissionStop.create(
        id=uuid4(),
        mission=mission,
        position=position,
        place_name=new.place_name,
        wgs_latitude=here.latitude if here else None,
        wgs_longitude=here.longitude if here else None,
        fence_m=new.fence_m,
    )
    await ChecklistQuestion.bulk_create(
        ChecklistQuestion(
            stop_id=stop.id, position=place, text=one.text, kind=one.kind, needs_photo=one.needs_photo
        )
        for place, one in enumerate(new.questions, start=1)
    )
