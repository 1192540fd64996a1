"""The demo world's supervision team: members, trainings, certificates, and missions in progress."""

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from msgspec import Struct

from models import Mission, TeamMember
from models.vocabulary import DeputyKind, MemberSource
from server import people, team
from server.kernel.clock import business_date
from server.people import Actor
from server.team import GivenAnswer, NewMission, NewStop, NewTraining

if TYPE_CHECKING:
    from server.trial.demo import World


class DemoMember(Struct, frozen=True, forbid_unknown_fields=True):
    """One member by their person's key."""

    person: str
    source: MemberSource
    deputy_kind: DeputyKind | None = None
    is_trained: bool = False


class DemoAnswer(Struct, frozen=True, forbid_unknown_fields=True):
    """The finding at one point of the checklist, named by its text."""

    question: str
    passed: bool
    text: str = ""


class DemoMission(Struct, frozen=True, forbid_unknown_fields=True):
    """One mission: who plans it, when and where, who goes, and what they answered."""

    planner: str
    title: str
    in_days: int
    stops: list[NewStop]
    brief: str = ""
    partner: str = ""
    members: list[str] = []
    accepted_by: str = ""
    answers: list[DemoAnswer] = []


async def gather_team(world: "World") -> None:
    """Enlist, train and certify the members, then plan the missions and carry each as far as the table says."""
    chen = await _actor(world, "chen")
    members = {
        told.person: await _enlist(world, told, by=chen) for told in world.read("members", list[DemoMember])
    }
    for told in world.read("missions", list[DemoMission]):
        await _go(world, told, members=members)


async def _enlist(world: "World", told: DemoMember, *, by: Actor) -> TeamMember:
    then = world.now - timedelta(days=60)
    member = await team.enlist(
        world.persons[told.person].id,
        source=told.source,
        deputy_kind=told.deputy_kind,
        organisation_id=world.organisations["reform-office"].id,
        by=by,
        now=then,
    )
    if told.is_trained:
        held_on = business_date(then) - timedelta(days=1)
        new = NewTraining(subject="督察工作方法与保密纪律", held_on=held_on, hours=8, is_passed=True)
        await team.record_training(member.id, new=new, by=by)
        await team.certify(member.id, by=by, now=then)
    return member


async def _go(world: "World", told: DemoMission, *, members: dict[str, TeamMember]) -> None:
    planner = await _actor(world, told.planner)
    new = NewMission(
        title=told.title,
        brief=told.brief,
        planned_on=business_date(world.now) + timedelta(days=told.in_days),
        stops=told.stops,
        partner_id=world.organisations[told.partner].id if told.partner else None,
    )
    mission = await team.plan_mission(new, by=planner, now=world.now)
    if told.members:
        sent: list[UUID] = [members[key].id for key in told.members]
        going = team.SendMembers(version=mission.version, members=sent)
        mission = await team.dispatch_mission(mission.id, going, by=planner, now=world.now)
    if told.accepted_by:
        await _answer(world, told, mission)


async def _answer(world: "World", told: DemoMission, mission: Mission) -> None:
    member = await _actor(world, told.accepted_by)
    await team.accept_mission(mission.id, team.Accept(), by=member, now=world.now)
    asked = {one.text: one.id for stop in await team.route_of(mission) for one in stop.questions}
    for answer in told.answers:
        given = GivenAnswer(passed=answer.passed, text=answer.text)
        await team.answer_question(mission.id, asked[answer.question], given=given, by=member, now=world.now)


async def _actor(world: "World", key: str) -> Actor:
    return await people.actor_as(world.persons[key], on=business_date(world.now))
