"""Two offices that organise missions, a third without any, and members with and without training."""

from datetime import timedelta

import pytest

from models import Mission
from models.vocabulary import Datum, DeputyKind, MemberSource, OrganisationKind, Role, Scope
from server import people, team
from server.kernel.clock import business_date
from server.team import GivenAnswer, NewMission, NewQuestion, NewStop, NewTraining, Where

HALL = Where(38.4712, 106.2586, Datum.WGS84)


class Crew:
    """The offices of these tests, their staff, and their members."""

    def __init__(self, office):
        self.office = office

    async def gather(self):
        self.chen = await self.office.actor(await self.office.enrol("小陈", Role.OFFICE_STAFF))
        self.county, self.ding = await self.county_office("兴庆区委改革办", "xingqing", "小丁")
        self.third, self.gao = await self.county_office("金凤区委改革办", "jinfeng", "小高")
        return self

    async def county_office(self, name, code, staff):
        kind = OrganisationKind.COUNTY_REFORM_OFFICE
        county = await people.add_organisation(name, code=code, kind=kind, by=None, parent=self.office.root)
        person = await people.add_person(
            staff,
            role=Role.OFFICE_STAFF,
            by=None,
            now=self.now,
            keys=self.office.tools.keys,
            organisation=county,
            scope=Scope.SUBTREE,
        )
        return county, await self.office.actor(person)

    @property
    def now(self):
        return self.office.watch.now()

    @property
    def today(self):
        return business_date(self.now)

    async def enlisted(self, person, *, by=None, organisation=None, source=MemberSource.CITIZEN, **more):
        return await team.enlist(
            person.id,
            source=source,
            organisation_id=(organisation or self.office.root).id,
            by=by or self.chen,
            now=self.now,
            **more,
        )

    async def trained(self, member, *, by=None, is_passed=True, days_ago=1):
        held_on = self.today - timedelta(days=days_ago)
        new = NewTraining(subject="督察方法", held_on=held_on, hours=8, is_passed=is_passed)
        return await team.record_training(member.id, new=new, by=by or self.chen)

    async def certified(self, name, *, by=None, organisation=None, **more):
        """Create a member who may be sent, with their person."""
        person = await self.office.enrol(name, Role.CITIZEN, openid=f"openid-demo-{name}")
        member = await self.enlisted(person, by=by, organisation=organisation)
        await self.trained(member, by=by)
        await team.certify(member.id, by=by or self.chen, now=self.now, **more)
        return member

    def plan(self, *, days=1, stops=None, **more):
        questions = [NewQuestion("叫号机能用"), NewQuestion("窗口开放数", "number")]
        given = {
            "title": "政务大厅督察",
            "planned_on": self.today + timedelta(days=days),
            "stops": stops or [NewStop("市民大厅一楼", HALL, questions=questions)],
        }
        return NewMission(**(given | more))

    async def planned(self, *, by=None, **how):
        return await team.plan_mission(self.plan(**how), by=by or self.chen, now=self.now)

    async def dispatched(self, *members, by=None, mission=None, **how):
        mission = mission or await self.planned(by=by, **how)
        mission = await Mission.get(id=mission.id)
        ids = [one.id for one in members]
        by = by or self.chen
        going = team.SendMembers(version=mission.version, members=ids)
        return await team.dispatch_mission(mission.id, going, by=by, now=self.now)

    async def under_way(self, *, stops=None):
        """Let 老马 accept a mission; return it with him and its questions."""
        member = await self.certified("老马")
        mission = await self.dispatched(member, stops=stops)
        laoma = await self.office.actor(await member.person)
        await team.accept_mission(mission.id, team.Accept(), by=laoma, now=self.now)
        questions = [one for stop in await team.route_of(mission) for one in stop.questions]
        return mission, laoma, questions

    async def answered(self, mission, question, by, **given):
        return await team.answer_question(
            mission.id, question.id, given=GivenAnswer(**given), by=by, now=self.now
        )


@pytest.fixture
async def crew(office):
    return await Crew(office).gather()


DEPUTY = {"source": MemberSource.DEPUTY, "deputy_kind": DeputyKind.CPPCC_MEMBER}
