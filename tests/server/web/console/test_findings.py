"""Findings of missions on the console: the photos of checklist answers, and where each stop is."""

from datetime import timedelta

import pytest

from models import Mission, MissionStop, Rendition, TeamMember
from models.vocabulary import Datum, OrganisationKind, PlaceGrade, PlaceSource, Role
from server import people, team
from server.kernel.clock import business_date
from server.kernel.places import Position, to_wgs84
from server.observations.commands import Place
from server.photos import AnnouncedPhoto
from server.team import GivenAnswer
from server.web.console.typing_routes import RouteNotRead, typed_stops
from tests.conftest import a_picture, a_report, sha256, until

ROUTE = "市民大厅一楼（106.2309, 38.4872）：叫号机正常；办事指南一致*\n丽景街社区服务站：群众意见?"


@pytest.fixture
async def chen(office):
    return await office.desk_of("小陈")


@pytest.fixture
async def laoma(office):
    return await office.phone_of("老马", Role.CITIZEN)


async def under_way(office, chen, phone, **changes):
    """A mission that 老马 has accepted."""
    day = business_date(office.watch.now())
    await chen.post("/team", {"designation": "老马", "source": "citizen", "unit": "改革办"})
    member = await TeamMember.get(person_id=phone.person.id)
    training = {"subject": "督察方法", "held_on": day.isoformat(), "hours": "8", "is_passed": "true"}
    await chen.post(f"/team/{member.id}/trainings", training)
    await chen.post(f"/team/{member.id}/certificates", {"valid_until": ""})
    tomorrow = (day + timedelta(days=1)).isoformat()
    form = {"title": "政务服务督察", "planned_on": tomorrow, "stops": ROUTE} | changes
    await chen.post("/missions", form)
    mission = await Mission.get()
    await chen.post(f"/missions/{mission.id}/dispatch", {"version": "1", f"member-{member.id}": "1"})
    actor = await office.actor(phone.person)
    await team.accept_mission(mission.id, team.Accept(), by=actor, now=office.watch.now())
    return mission, actor


async def test_the_photo_of_a_finding_is_shown_to_its_organisers_alone(office, chen, laoma):
    mission, actor = await under_way(office, chen, laoma)
    _, question = (await team.route_of(mission))[0].questions
    picture = a_picture("red")
    given = GivenAnswer(
        passed=False, text="指南是旧的", photos=[AnnouncedPhoto(sha256(picture), len(picture))]
    )
    done = await team.answer_question(mission.id, question.id, given=given, by=actor, now=office.watch.now())
    assert "正在处理" not in (await chen.get(f"/missions/{mission.id}")).text  # not here yet: nothing to show
    await laoma.upload(picture)
    shown = await until(lambda: Rendition.filter(subject_id=done.answer.id, size="large").first())

    page = (await chen.get(f"/missions/{mission.id}")).text
    assert f'src="/console/findings/{shown.id}"' in page
    photo = await chen.get(f"/findings/{shown.id}")
    assert (photo.status_code, photo.headers["content-type"]) == (200, "image/jpeg")

    county = await people.add_organisation(
        "兴庆区委改革办", code="xq", kind=OrganisationKind.COUNTY_REFORM_OFFICE, by=None, parent=office.root
    )
    ding = await office.desk_of("小丁", organisation=county)
    assert (await ding.get(f"/findings/{shown.id}")).status_code == 404


async def test_a_photo_of_a_report_is_no_finding(office, chen, laoma):
    picture = a_picture("blue")
    await laoma.submit(a_report(picture))
    await laoma.upload(picture)
    shown = await until(lambda: Rendition.filter(size="large").first())
    assert (await chen.get(f"/findings/{shown.id}")).status_code == 404


async def test_a_mission_planned_at_the_desk_knows_where_its_stops_are(office, chen, laoma):
    mission, actor = await under_way(office, chen, laoma)
    hall, station = await MissionStop.all().order_by("position")
    there = to_wgs84(Position(38.4872, 106.2309, Datum.GCJ02))
    assert hall.place_name == "市民大厅一楼"
    assert (hall.wgs_latitude, hall.wgs_longitude) == pytest.approx((there.latitude, there.longitude))
    assert (station.wgs_latitude, station.place_name) == (None, "丽景街社区服务站")
    page = (await chen.get(f"/missions/{mission.id}")).text
    assert f"{there.latitude:.5f}°N {there.longitude:.5f}°E" in page
    assert "没有坐标，不核对队员是否到达" in page

    question = (await team.route_of(mission))[0].questions[0]
    here = Place(38.4872, 106.2309, Datum.GCJ02, PlaceSource.GPS, accuracy_m=10)
    given = GivenAnswer(passed=True, place=here)
    done = await team.answer_question(mission.id, question.id, given=given, by=actor, now=office.watch.now())
    assert (done.answer.distance_m, done.answer.place_grade) == (0, PlaceGrade.A)


@pytest.mark.parametrize(
    ("line", "place", "where"),
    [
        ("市民大厅（106.2309,38.4872）：好用", "市民大厅", (38.4872, 106.2309)),
        ("市民大厅(38.4872，106.2309)", "市民大厅", (38.4872, 106.2309)),
        ("市民大厅（东门）：好用", "市民大厅（东门）", None),
        ("市民大厅（东门）(106.2309 38.4872)", "市民大厅（东门）", (38.4872, 106.2309)),
        ("市民大厅（2,3）", "市民大厅（2,3）", None),
        ("市民大厅（3.1,54.2）", None, None),
        ("市民大厅（38.4872,38.4872）", None, None),
        ("市民大厅（206.2309,38.4872）", None, None),
    ],
)
def test_degrees_are_read_in_either_order_and_must_lie_in_the_country(line, place, where):
    if place is None:
        with pytest.raises(RouteNotRead, match="坐标不在国内"):
            typed_stops(line, Datum.WGS84)
        return
    (stop,) = typed_stops(line, Datum.WGS84)
    assert stop.place_name == place
    assert (stop.where and (stop.where.latitude, stop.where.longitude)) == where
