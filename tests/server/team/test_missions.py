"""Missions: planned alone or jointly, certified members sent, no third party told, shared sites pointed out."""

from datetime import timedelta

import pytest

from models import Mission, MissionMember
from models.vocabulary import Datum, MissionState, Role
from server import team
from server.kernel.refusal import NoSuchThing
from server.kernel.state_machine import StaleItem, WrongStep
from server.people import NotAllowed
from server.team import NewQuestion, NewStop, Where
from server.team.refusals import (
    DayIsOver,
    MissionTooLong,
    NoSuchMember,
    NoSuchPartner,
    NotCertified,
)
from tests.conftest import a_report, until
from tests.server.team.conftest import HALL


async def test_the_untrained_are_not_sent_and_may_still_report_as_citizens(crew, office):
    phone = await office.phone_of("新队员", Role.CITIZEN)
    untrained, trained = await crew.enlisted(phone.person), await crew.certified("老马")
    with pytest.raises(NotCertified) as refused:
        await crew.dispatched(untrained, trained)
    assert refused.value.extra == {"members": ["新队员"]}
    assert not await MissionMember.exists()
    assert (await phone.submit(a_report())).status_code == 201


async def test_a_certificate_must_hold_on_the_day_of_the_mission(crew):
    member = await crew.certified("老马", valid_until=crew.today + timedelta(days=10))
    await crew.dispatched(member, days=10)
    with pytest.raises(NotCertified):
        await crew.dispatched(member, days=11)


async def test_a_joint_mission_is_seen_by_both_and_by_no_third(crew):
    mission = await crew.planned(partner_id=crew.county.id)
    for actor in (crew.chen, crew.ding):
        assert [one.id for one in await team.missions_of(actor)] == [mission.id]
        assert (await team.mission_seen_by(actor, mission.id)).id == mission.id
    assert await team.missions_of(crew.gao) == []
    with pytest.raises(NoSuchThing):
        await team.mission_seen_by(crew.gao, mission.id)
    with pytest.raises(NoSuchThing):
        await team.cancel_mission(
            mission.id, team.CancelMission(version=1, reason="越权"), by=crew.gao, now=crew.now
        )


async def test_two_counties_missions_are_not_even_the_citys(crew):
    mission = await crew.planned(by=crew.ding, partner_id=crew.third.id)
    assert [len(await team.missions_of(one)) for one in (crew.ding, crew.gao, crew.chen)] == [1, 1, 0]
    with pytest.raises(NoSuchThing):
        await team.mission_seen_by(crew.chen, mission.id)


async def test_both_partners_send_their_members_and_nobody_elses(crew):
    of_county = await crew.certified("丁队员", by=crew.ding, organisation=crew.county)
    of_third = await crew.certified("高队员", by=crew.gao, organisation=crew.third)
    mission = await crew.planned(by=crew.gao, partner_id=crew.county.id)
    await crew.dispatched(of_third, mission=mission, by=crew.gao)
    done = await crew.dispatched(of_county, mission=mission, by=crew.ding)
    assert done.state is MissionState.DISPATCHED
    assert {one.member_id for one in await team.sent_on(mission)} == {of_third.id, of_county.id}

    of_city = await crew.certified("老马")
    with pytest.raises(NoSuchMember):
        await crew.dispatched(of_city, mission=mission, by=crew.ding)


async def test_who_is_sent_reads_it_once(crew, office):
    member, later = await crew.certified("老马"), await crew.certified("杨老师")
    mission = await crew.dispatched(member)
    phone = office.phone()
    await phone.sign_in("demo-老马")

    async def told():
        return (await phone.get("/inbox")).json()["items"]

    (message,) = await until(told)
    assert (message["title"], message["subject_id"]) == ("您有一项督察任务", str(mission.id))
    await crew.dispatched(member, later, mission=mission)
    yang = office.phone()
    await yang.sign_in("demo-杨老师")

    async def yang_told():
        return (await yang.get("/inbox")).json()["items"]

    await until(yang_told)
    assert len(await told()) == 1


@pytest.mark.parametrize(
    ("days", "site", "hinted"),
    [
        (
            14,
            {"place_name": "别处", "where": Where(HALL.latitude + 0.00179, HALL.longitude, Datum.WGS84)},
            True,
        ),
        (
            14,
            {"place_name": "别处", "where": Where(HALL.latitude + 0.00181, HALL.longitude, Datum.WGS84)},
            False,
        ),
        (0, {"place_name": "市民大厅（一楼）"}, True),  # by its name, with any brackets
        (-1, {"place_name": "市民大厅一楼"}, True),
        (15, {"place_name": "市民大厅一楼", "where": HALL}, False),
        (3, {"place_name": "凤凰北街口袋公园"}, False),
    ],
)
async def test_another_organisations_plan_for_the_same_site_within_14_days_is_pointed_out(
    crew, days, site, hinted
):
    mine = await crew.planned(days=20)
    theirs = await crew.planned(by=crew.ding, days=20 + days, stops=[NewStop(**site)])
    for actor, mission, other in ((crew.chen, mine, "兴庆区委改革办"), (crew.ding, theirs, "改革办")):
        found = await team.joinable(actor, mission)
        assert [one.organisation for one in found] == ([other] if hinted else [])
    if hinted:
        assert found[0].words.startswith("可合并督察：改革办计划")


async def test_ones_own_and_cancelled_missions_are_no_hint(crew):
    mine = await crew.planned()
    await crew.planned()
    theirs = await crew.planned(by=crew.ding)
    await team.cancel_mission(
        theirs.id, team.CancelMission(version=1, reason="改期"), by=crew.ding, now=crew.now
    )
    assert await team.joinable(crew.chen, mine) == []


async def test_a_hint_tells_who_when_and_where_alone(crew):
    mine = await crew.planned()
    await crew.planned(by=crew.ding, title="暗访", brief="不公开的安排")
    (hint,) = await team.joinable(crew.chen, mine)
    assert {"暗访", "不公开的安排"}.isdisjoint(vars(hint).values())


async def test_what_does_not_fit_one_call_of_a_phone_is_refused(crew):
    stops = [NewStop(f"点位{n:02}", questions=[NewQuestion("检查项")] * 30) for n in range(4)]
    await crew.planned(stops=stops)
    with pytest.raises(MissionTooLong):
        await crew.planned(stops=[*stops, NewStop("多一处", questions=[NewQuestion("检查项")])])


async def test_plans_lie_ahead_and_partners_are_others(crew, office):
    with pytest.raises(DayIsOver):
        await crew.planned(days=-1)
    with pytest.raises(NoSuchPartner):
        await crew.planned(partner_id=office.root.id)
    assert not await Mission.exists()


async def test_a_step_with_an_old_version_or_out_of_turn_is_refused(crew):
    member = await crew.certified("老马")
    mission = await crew.dispatched(member)
    with pytest.raises(StaleItem):
        await team.cancel_mission(
            mission.id, team.CancelMission(version=1, reason="改期"), by=crew.chen, now=crew.now
        )
    await team.cancel_mission(
        mission.id, team.CancelMission(version=mission.version, reason="改期"), by=crew.chen, now=crew.now
    )
    with pytest.raises(WrongStep) as refused:
        await crew.dispatched(member, mission=mission)
    assert refused.value.extra == {"state": "cancelled", "legal": []}


async def test_members_plan_nothing(crew, office):
    laoma = await office.actor(await office.enrol("老马", Role.TEAM_MEMBER))
    with pytest.raises(NotAllowed):
        await crew.planned(by=laoma)
