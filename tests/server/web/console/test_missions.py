"""Team and missions on the console: enlist, train, certify, plan, send, and take problems in."""

from datetime import timedelta

import pytest

from models import Mission, Problem, TeamMember
from models.vocabulary import Datum, MissionState, OrganisationKind, QuestionKind, Role
from server import people, team
from server.kernel.clock import business_date
from server.team import GivenAnswer
from server.web.console.typing_routes import RouteNotRead, typed_stops

ROUTE = "市民大厅一楼：叫号机正常；高峰窗口数#；办事指南一致*\n丽景街社区服务站：群众意见?"


@pytest.fixture
async def chen(office):
    return await office.desk_of("小陈")


def day(office, ahead=1):
    return (business_date(office.watch.now()) + timedelta(days=ahead)).isoformat()


async def enlisted(office, chen, name="老马"):
    await office.enrol(name, Role.CITIZEN)
    form = {"designation": name, "source": "citizen", "unit": "改革办"}
    done = await chen.post("/team", form)
    assert done.status_code == 303, done.text
    return await TeamMember.get(person__designation=name)


async def certified(office, chen, name="老马"):
    member = await enlisted(office, chen, name)
    training = {"subject": "督察方法", "held_on": day(office, 0), "hours": "8", "is_passed": "true"}
    await chen.post(f"/team/{member.id}/trainings", training)
    done = await chen.post(f"/team/{member.id}/certificates", {"valid_until": ""})
    assert done.status_code == 303, done.text
    return member


async def planned(office, chen, **changes):
    done = await chen.post(
        "/missions", {"title": "政务服务督察", "planned_on": day(office), "stops": ROUTE} | changes
    )
    assert done.status_code == 303, done.text
    return await Mission.all().order_by("-planned_at").first()


async def test_a_member_is_enlisted_trained_certified_and_his_certificate_taken_back(office, chen):
    member = await certified(office, chen)
    page = (await chen.get("/team")).text
    assert "有效" in page
    (certificate,) = await team.certificates_of(member)
    assert "督察方法" in (await chen.get(f"/team/{member.id}")).text
    form = {"certificate_id": str(certificate.id), "because": "多次缺席"}
    await chen.post(f"/team/{member.id}/revocations", form)
    assert "没有有效的证" in (await chen.get("/team")).text
    assert "多次缺席" in (await chen.get(f"/team/{member.id}")).text


async def test_a_deputy_without_a_kind_is_refused_on_the_page(office, chen):
    await office.enrol("苏委员", Role.DEPUTY)
    form = {"designation": "苏委员", "source": "deputy", "unit": "改革办"}
    refused = await chen.post("/team", form, part=True)
    assert (refused.status_code, "党代表、人大代表还是政协委员" in refused.text) == (422, True)


async def test_only_members_with_a_certificate_can_be_ticked_and_sent(office, chen):
    member, untrained = await certified(office, chen), await enlisted(office, chen, "新队员")
    mission = await planned(office, chen)
    page = (await chen.get(f"/missions/{mission.id}")).text
    assert f'name="member-{member.id}" value="1">' in page
    assert f'name="member-{untrained.id}" value="1" disabled>' in page

    forced = {"version": "1", f"member-{untrained.id}": "1"}
    assert (await chen.post(f"/missions/{mission.id}/dispatch", forced, part=True)).status_code == 409
    await chen.post(f"/missions/{mission.id}/dispatch", {"version": "1", f"member-{member.id}": "1"})
    assert (await Mission.get()).state is MissionState.DISPATCHED
    assert "已派出" in (await chen.get("/missions?state=dispatched")).text


async def test_a_finding_becomes_a_problem_from_the_missions_page(office, chen):
    member, mission = await certified(office, chen), await planned(office, chen)
    await chen.post(f"/missions/{mission.id}/dispatch", {"version": "1", f"member-{member.id}": "1"})
    laoma, now = await office.actor(await member.person), office.watch.now()
    await team.accept_mission(mission.id, team.Accept(), by=laoma, now=now)
    (question, *_) = (await team.route_of(mission))[0].questions
    given = GivenAnswer(passed=False, text="叫号机黑屏")
    answer = (await team.answer_question(mission.id, question.id, given=given, by=laoma, now=now)).answer

    assert "市民大厅一楼：叫号机正常" in (await chen.get(f"/missions/{mission.id}")).text
    done = await chen.post(f"/missions/{mission.id}/problems", {"answer_id": str(answer.id)})
    problem = await Problem.get()
    assert done.headers["location"] == f"/console/problems/{problem.id}"
    assert "督察检查项" in (await chen.get(f"/problems/{problem.id}")).text


async def test_a_shared_site_is_pointed_out_and_a_third_finds_no_page(office, chen):
    mission = await planned(office, chen)
    county = await people.add_organisation(
        "兴庆区委改革办",
        code="xingqing",
        kind=OrganisationKind.COUNTY_REFORM_OFFICE,
        by=None,
        parent=office.root,
    )
    ding = await office.desk_of("小丁", organisation=county)
    await ding.post("/missions", {"title": "基层督察", "planned_on": day(office, 3), "stops": "市民大厅一楼"})
    assert "可合并督察：兴庆区委改革办计划" in (await chen.get(f"/missions/{mission.id}")).text
    assert (await ding.get(f"/missions/{mission.id}")).status_code == 404


async def test_a_mission_is_called_off(office, chen):
    mission = await planned(office, chen, partner="市住建局")
    await chen.post(f"/missions/{mission.id}/cancellation", {"version": "1", "reason": "改期"})
    assert "取消督察任务：改期" in (await chen.get(f"/missions/{mission.id}")).text


def test_a_route_is_read_as_it_is_typed():
    hall, station = typed_stops(ROUTE, Datum.GCJ02)
    assert [(one.text, one.kind, one.needs_photo) for one in hall.questions] == [
        ("叫号机正常", QuestionKind.PASS_FAIL, False),
        ("高峰窗口数", QuestionKind.NUMBER, False),
        ("办事指南一致", QuestionKind.PASS_FAIL, True),
    ]
    assert [(one.text, one.kind) for one in station.questions] == [("群众意见", QuestionKind.TEXT)]


@pytest.mark.parametrize(
    "text", ["", "厅：叫号机正常", "市民大厅：好", "\n".join(["点位一"] * 21), "长" * 121]
)
def test_a_line_that_can_not_be_read_is_named(text):
    with pytest.raises(RouteNotRead):
        typed_stops(text, Datum.GCJ02)


async def test_everybody_sees_the_places_his_duties_open(office, chen):
    admin = await office.desk_of("管理员小吴", Role.ADMINISTRATOR)
    for desk, opens in ((chen, True), (admin, False)):
        page = (await desk.get("")).text
        assert ('href="/console/missions"' in page) is opens
        assert ('href="/console/cases"' in page) is opens
