"""A visit on a phone: the API as issue 12 fixes it, from the list to the published result."""

from datetime import timedelta
from uuid import uuid4

import pytest

from models import Ballot, JournalEntry, VisitBoard
from models.vocabulary import Role, SessionChannel
from server import scoring
from server.people.sessions import open_session
from tests.conftest import until
from tests.server.site_visits.conftest import HALL, SCORES, Visit


@pytest.fixture
async def visit(office):
    made = await Visit(office).enter()
    await made.publish()
    made.phones = []
    for person in made.people:
        phone = office.phone()
        token = await open_session(person, channel=SessionChannel.PHONE, now=made.now)
        phone.client.headers["authorization"] = f"Bearer {token}"
        made.phones.append(phone)
    made.path = f"/site-visits/{made.visit.id}"
    return made


def stop_path(visit, stop=0):
    return f"{visit.path}/stops/{visit.stops[stop].id}"


def a_ballot(visit, scores=SCORES, *, state="submitted", base=0, **changes):
    told = {"scores": scores, "state": state, "base_version": base, "claimed_at": visit.now.isoformat()}
    return told | changes


async def test_the_list_tells_progress_and_the_visit_tells_all(visit):
    await visit.present(0)
    await visit.score(0)
    (line,) = (await visit.phones[0].get("/site-visits")).json()["items"]
    assert (line["title"], line["words"], line["state"]) == ("秋季观摩", "已评 1/3", "open")
    card = (await visit.phones[0].get(visit.path)).json()
    assert card["line"]["words"] == "已评 1/3，剩余：第2站、第3站"
    assert [one["weight"] for one in card["rubric"]["criteria"]] == ["60", "40"]
    assert card["stops"][0]["ballot"]["scores"] == SCORES
    assert card["stops"][0]["check_in"]["presence"] == "counted"
    assert card["stops"][1]["ballot"] is card["stops"][1]["check_in"] is None
    assert len(card["rule_digest"]) == 64
    assert card["observer_id"] == str((await visit.observer(0)).id)


async def test_a_printed_code_leads_to_its_visit_and_to_no_strangers(visit):
    scene = visit.stops[1].scene
    assert len(scene) <= 32
    (line,) = (await visit.phones[0].get("/site-visits", params={"scene": scene})).json()["items"]
    assert line["id"] == str(visit.visit.id)
    other = await visit.phones[0].get("/site-visits", params={"scene": "v.nothing"})
    assert other.json() == {"items": []}


async def test_check_in_and_ballot_on_the_wire(visit):
    screen = await visit.screen()
    given = await visit.scanned(0, screen=screen)
    told = {
        "client_id": str(given.client_id),
        "code": given.code,
        "scene": visit.stops[0].scene,
        "place": {
            "latitude": HALL.latitude,
            "longitude": HALL.longitude,
            "datum": "wgs84",
            "accuracy_m": 12.0,
        },
        "claimed_at": visit.now.isoformat(),
    }
    answer = await visit.phones[0].post(f"{stop_path(visit)}/check-ins", json=told)
    assert answer.status_code == 200, answer.text
    card = answer.json()
    assert (card["grade_words"], card["position"]) == ("签到成功", "1/3")
    assert card["welcome"] == "评委0，欢迎！第 1 站 / 共 3 站"

    draft = a_ballot(visit, {"c1": "92.5"}, state="draft")
    saved = (await visit.phones[0].put(f"{stop_path(visit)}/ballot", json=draft)).json()
    assert (saved["state"], saved["version"], saved["digest"]) == ("draft", 1, None)
    sent = await visit.phones[0].put(f"{stop_path(visit)}/ballot", json=a_ballot(visit, base=1))
    assert sent.status_code == 200, sent.text
    assert len(sent.json()["digest"]) == 64
    again = await visit.phones[0].put(f"{stop_path(visit)}/ballot", json=a_ballot(visit, base=0))
    assert again.json()["version"] == sent.json()["version"] == 2

    async def shown():
        return (await VisitBoard.get(visit_id=visit.visit.id)).submitted == 1

    assert await until(shown)


async def test_another_phone_of_the_same_observer_is_told_the_present_ballot(visit):
    await visit.present(0)
    await visit.score(0)
    behind = a_ballot(visit, {"c1": "50.0", "c2": "50.0"}, base=0, comment="太低")
    answer = await visit.phones[0].put(f"{stop_path(visit)}/ballot", json=behind)
    assert (answer.status_code, answer.json()["code"]) == (409, "version_behind")
    assert answer.json()["ballot"]["scores"] == SCORES


async def test_nobody_scores_where_he_has_not_checked_in(visit):
    answer = await visit.phones[0].put(f"{stop_path(visit)}/ballot", json=a_ballot(visit))
    assert (answer.status_code, answer.json()["code"]) == (409, "not_yet_checked_in")
    assert answer.json()["retry"] == "later"
    assert await Ballot.all().count() == 0


async def test_where_the_visit_asks_for_no_check_in_one_scores_without(office):
    visit = await Visit(office).enter()
    await visit.publish(needs_check_in=False)
    await visit.score(0)
    assert await Ballot.all().count() == 1


async def test_an_autosave_is_at_most_1_kib(visit):
    """Eight criteria and the longest comment; figures and ids as long as possible."""
    scores = {f"c{n}": "100.0" for n in range(8)}
    largest = a_ballot(visit, scores, base=999, comment="好" * 200)
    packed = visit.phones[0].client.build_request("PUT", "http://x", json=largest).content
    assert len(packed) <= 1024


async def test_a_ballot_leaves_no_entry_in_the_journal_and_no_key(visit):
    await visit.present(0)
    before = await JournalEntry.all().count()
    answer = await visit.phones[0].put(f"{stop_path(visit)}/ballot", json=a_ballot(visit))
    assert answer.status_code == 200
    assert await JournalEntry.all().count() == before


async def test_there_is_no_result_before_publication_and_then_the_whole(visit):
    for n in range(5):
        for stop in range(3):
            await visit.present(n, stop)
            await visit.score(n, stop, {"c1": f"{80 + n + stop}.5", "c2": f"{90 - n}.0"})
    asked = [visit.phones[0], await visit.office.phone_of("住建局小李", Role.DEPARTMENT_CONTACT)]
    bureau = await visit.office.phone_of(
        "住建局小王", Role.DEPARTMENT_CONTACT, organisation=visit.office.bureau
    )
    for state in (None, visit.lock, visit.seal):
        if state:
            await state()
        for phone in [*asked, bureau]:
            assert (await phone.get(f"{visit.path}/result")).status_code == 404
    await scoring.publish_result(visit.visit.id, by=visit.luo, now=visit.now)
    told = (await visit.phones[0].get(f"{visit.path}/result")).json()
    assert [one["rank"] for one in told["entries"]] == [3, 2, 1]
    assert told["words"] == "您的 3 张评分表均已计入"
    assert len(told["digests"]) == 15
    of_unit = (await bureau.get(f"{visit.path}/result")).json()
    assert (of_unit["entries"], of_unit["words"]) == (told["entries"], "")
    # Of the office, not of a scored unit.
    assert (await asked[1].get(f"{visit.path}/result")).status_code == 404
    card = (await visit.phones[0].get(visit.path)).json()
    assert (card["line"]["words"], card["counted"]) == ("您的 3 张评分表均已计入", 3)


async def test_a_foreign_and_a_missing_visit_answer_the_same(visit):
    stranger = await visit.office.phone_of("代表甲", Role.DEPUTY)
    paths = [visit.path, f"/site-visits/{uuid4()}"]
    foreign, missing = [await stranger.get(path) for path in paths]
    assert foreign.status_code == missing.status_code == 404
    assert foreign.json() | {"request_id": ""} == missing.json() | {"request_id": ""}


async def test_seven_tries_in_a_minute_are_too_many(visit):
    told = {"client_id": str(uuid4()), "claimed_at": visit.now.isoformat(), "code": f"1.{'0' * 32}"}
    answers = [await visit.phones[0].post(f"{stop_path(visit)}/check-ins", json=told) for _ in range(7)]
    assert [one.status_code for one in answers] == [422] * 6 + [429]


async def test_a_ballot_written_in_time_is_taken_a_day_later_and_not_later(visit):
    await visit.present(0)
    written = visit.now.isoformat()
    closes = visit.stops[0].closes_at
    visit.office.watch.ahead += closes + timedelta(hours=23, minutes=59) - visit.now
    late = await visit.phones[0].put(f"{stop_path(visit)}/ballot", json=a_ballot(visit, claimed_at=written))
    assert late.status_code == 200, late.text
    visit.office.watch.ahead += timedelta(minutes=2)
    over = await visit.phones[0].put(
        f"{stop_path(visit)}/ballot",
        json=a_ballot(visit, {"c1": "1.0", "c2": "1.0"}, base=1, claimed_at=written),
    )
    assert (over.status_code, over.json()["code"]) in ((409, "outside_window"), (409, "locked"))
