"""A mission on a phone: one call preloads all of it, the rest works whenever there is a network."""

from uuid import uuid4

import pytest

from models import TrainingRecord
from models.vocabulary import Role
from server import team
from server.photos import AnnouncedPhoto
from server.team import GivenAnswer, NewQuestion, NewStop
from tests.conftest import a_picture, sha256, until
from tests.server.team.conftest import HALL

PRELOAD = 300 * 1024


@pytest.fixture
async def laoma(crew, office):
    """老马's phone and membership."""
    member = await crew.certified("老马")
    phone = office.phone()
    await phone.sign_in("demo-老马")
    phone.member = member
    return phone


async def test_a_mission_from_acceptance_to_summary(crew, laoma):
    mission = await crew.dispatched(laoma.member)
    path = f"/missions/{mission.id}"
    (line,) = (await laoma.get("/missions")).json()["items"]
    assert (line["id"], line["words"], line["is_accepted"]) == (str(mission.id), "已完成0/2", False)

    card = (await laoma.put(f"{path}/acceptance")).json()
    assert (card["line"]["state_label"], card["stops"][0]["where"]["datum"]) == ("进行中", "gcj02")
    question = card["stops"][0]["questions"][0]["id"]
    picture = a_picture()
    given = {
        "passed": False,
        "text": "叫号机黑屏",
        "photos": [{"sha256": sha256(picture), "bytes": len(picture)}],
        "place": {"latitude": 38.4712, "longitude": 106.2586, "datum": "wgs84", "source": "gps"},
    }
    told = (await laoma.put(f"{path}/answers/{question}", json=given)).json()
    assert (told["proposes_problem"], told["answer"]["missing"]) == (True, [sha256(picture)])
    assert (await laoma.upload(picture)).status_code == 201
    again = (await laoma.put(f"{path}/answers/{question}", json=given)).json()
    assert (again["answer"]["missing"], again["answer"]["is_mine"]) == ([], True)

    done = await laoma.put(f"{path}/summary", json={"summary": "叫号机需要维修"})
    assert (done.json()["line"]["state_label"], done.json()["line"]["words"]) == ("已完成", "已完成1/2")


async def test_an_answers_photo_is_developed_for_the_office(crew, laoma):
    mission = await crew.dispatched(laoma.member)
    card = (await laoma.put(f"/missions/{mission.id}/acceptance")).json()
    question, picture = card["stops"][0]["questions"][0]["id"], a_picture("grey")
    photo = {"sha256": sha256(picture), "bytes": len(picture)}
    await laoma.upload(picture)
    await laoma.put(f"/missions/{mission.id}/answers/{question}", json={"passed": True, "photos": [photo]})
    (answer,) = (await team.answers_of(mission)).values()

    async def developed():
        (found,) = await team.answering.photos.photos_of(answer.id)
        return list(found.renditions)

    assert await until(developed)


async def test_the_largest_mission_is_preloaded_in_one_call_of_300_kib(crew, laoma):
    """Every text at its maximum length, in four-byte letters, everything answered with three photos."""
    wide = "\U00020000"
    questions = [NewQuestion(wide * 120)] * 6
    stops = [NewStop(wide * 118 + f"{n:02}", HALL, questions=questions) for n in range(20)]
    mission = await crew.dispatched(laoma.member, stops=stops, title=wide * 60, brief=wide * 1000)
    await laoma.put(f"/missions/{mission.id}/acceptance")
    actor = await crew.office.actor(await laoma.member.person)
    for number, stop in enumerate(await team.route_of(mission)):
        for question in stop.questions:
            photos = [AnnouncedPhoto(sha256(bytes([number, n])), 9) for n in range(3)]
            given = GivenAnswer(passed=False, text=wide * 200, photos=photos)
            await team.answer_question(mission.id, question.id, given=given, by=actor, now=crew.now)
    whole = await laoma.get(f"/missions/{mission.id}")
    assert whole.status_code == 200
    assert len(whole.json()["stops"]) == 20
    assert 150 * 1024 < len(whole.content) <= PRELOAD


async def test_a_foreign_and_a_missing_mission_answer_the_same(crew, laoma, office):
    mission = await crew.dispatched(await crew.certified("杨老师"))
    foreign, missing = await laoma.get(f"/missions/{mission.id}"), await laoma.get(f"/missions/{uuid4()}")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.json() | {"request_id": ""} == missing.json() | {"request_id": ""}
    citizen = await office.phone_of("群众甲", Role.CITIZEN)
    assert (await citizen.get("/missions")).status_code == 403


async def test_a_planned_mission_is_not_told_before_it_is_dispatched(crew, laoma):
    await crew.planned()
    assert (await laoma.get("/missions")).json() == {"items": [], "cursor": None}
    assert await TrainingRecord.all().count() == 1


async def test_more_missions_than_a_page_are_read_to_the_end(crew, laoma):
    missions = [await crew.dispatched(laoma.member) for _ in range(5)]
    seen, cursor = [], ""
    while cursor is not None:
        asked = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await laoma.get("/missions", params=asked)).json()
        seen += [one["id"] for one in page["items"]]
        cursor = page["cursor"]
    assert sorted(seen) == sorted(str(one.id) for one in missions)
