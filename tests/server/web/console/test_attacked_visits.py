"""Visits under attack at the desk: two at once, hostile words, figures that are none, and many people."""

import asyncio
import re

import pytest

from models import JournalEntry, RoundAsk, ScoreRound, SiteVisit, VisitStop
from models.vocabulary import Role, RoundState, VisitState
from server import scoring
from server.web.console import site_visit_running
from tests.access.test_list_costs import counting
from tests.server.site_visits.conftest import Visit
from tests.server.web.console.test_site_visits import added, complete, plan, planned

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}"
MANY = 60


@pytest.fixture
async def visit(office):
    return await (await Visit(office).enter()).publish()


async def at_once(desks, path, form, times=3):
    """Send a form from every desk several times at the same moment; returns the statuses."""
    sent = [desk.post(path, form, part=True) for desk in desks for _ in range(times)]
    return [answer.status_code for answer in await asyncio.gather(*sent)]


async def two_desks(office):
    return [await office.desk_of("小丁"), await office.desk_of("罗处长", Role.OFFICE_LEAD)]


async def count(event):
    return await JournalEntry.filter(event=event).count()


async def test_two_who_publish_at_once_publish_once(office):
    desks = await two_desks(office)
    found = await complete(office, desks[0])
    statuses = await at_once(desks, f"/site-visits/{found.id}/publication", {"version": found.version})
    assert statuses.count(204) == 1, statuses
    assert set(statuses) <= {204, 409, 503}
    assert (await count("site_visit.published"), await ScoreRound.all().count()) == (1, 1)


async def test_two_who_seal_and_publish_at_once_do_it_once(visit, office):
    desks, here = await two_desks(office), f"/site-visits/{visit.visit.id}"
    for n in range(5):
        for stop in range(3):
            await visit.present(n, stop)
            await visit.score(n, stop)
    await visit.lock()
    assert set(await at_once(desks, f"{here}/seal", {})) <= {204, 409, 503}
    found = await ScoreRound.get(id=visit.visit.id)
    assert (found.state, await count("score_round.sealed")) == (RoundState.SEALED, 1)
    assert set(await at_once(desks, f"{here}/result-publication", {})) <= {204, 409, 503}
    assert await count("score_round.published") == 1
    assert len((await scoring.published_export(found.id))["ballots"]) == 15


async def test_a_request_is_confirmed_once_however_many_press(visit, office):
    desks, here = await two_desks(office), f"/site-visits/{visit.visit.id}"
    await visit.lock()
    await desks[0].post(f"{here}/asks", {"kind": "unlock", "note": "漏了"})
    ask = await RoundAsk.get()
    others = [desks[1], await office.desk_of("孙主任", Role.OFFICE_LEAD)]
    statuses = await at_once(others, f"{here}/asks/{ask.id}/confirmation", {})
    assert statuses.count(204) == 1, statuses
    assert await count("score_round.confirmed") == 1


async def test_stops_that_two_move_at_once_keep_their_places(office):
    desks = await two_desks(office)
    found = await planned(office, desks[0])
    for name in ("一号点", "二号点", "三号点"):
        await added(desks[0], found, name=name)
    found = await SiteVisit.get(id=found.id)
    last = await VisitStop.get(name="三号点")
    form = {"version": found.version, "stop_id": str(last.id), "move": "up"}
    statuses = await at_once(desks, f"/site-visits/{found.id}/stop-order", form)
    assert statuses.count(204) == 1, statuses
    names = [one.name for one in await VisitStop.all().order_by("position")]
    assert names == ["一号点", "三号点", "二号点"]


async def test_hostile_words_stay_words_on_every_page(office):
    (chen, _) = await two_desks(office)
    words = {"title": HOSTILE[:80], "criterion-1-name": HOSTILE[:40], "group-1-name": HOSTILE[:40]}
    words["criterion-1-anchors"] = f"90-100：{HOSTILE[:60]}"
    found = await planned(office, chen, **words)
    await added(chen, found, name=HOSTILE[:80], place_name=HOSTILE)
    stop = await VisitStop.get()
    here = f"/site-visits/{found.id}"
    for path in (f"/site-visits?year={found.held_on.year}", here, f"{here}/plan", f"{here}/stops/{stop.id}"):
        page = (await chen.get(path)).text
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
    assert re.search("&lt;script&gt;alert", (await chen.get(here)).text)


@pytest.mark.parametrize("figure", ["NaN", "Infinity", "1e3", "-1", "60.005", "６０", "0x10", "10000", " "])
async def test_a_weight_that_is_no_plain_figure_is_refused_at_its_field(office, figure):
    (chen, _) = await two_desks(office)
    refused = await chen.post("/site-visits", plan(office, **{"criterion-1-weight": figure}), part=True)
    if figure == "６０":  # cleaned at the door into a figure of ours
        assert refused.status_code in (204, 422)
        return
    assert (refused.status_code, 'data-wrong="criterion-1-weight"' in refused.text) == (422, True)
    assert await SiteVisit.all().count() == 0


async def test_a_published_visit_takes_no_change_of_its_plan(visit, office):
    (chen, _) = await two_desks(office)
    version = (await SiteVisit.get(id=visit.visit.id)).version
    here, at = f"/site-visits/{visit.visit.id}", {"version": version}
    stop = visit.stops[0]
    asked = {
        "plan": plan(office, **at),
        "stops": {"name": "新点位", "opens": "09:00", "closes": "10:00"} | at,
        f"stops/{stop.id}": {"name": "改名了", "opens": "09:00", "closes": "10:00"} | at,
        "stop-order": {"stop_id": str(stop.id), "move": "out"} | at,
        "publication": at,
        "cancellation": {"reason": "不办了"},
    }
    for what, form in asked.items():
        assert (await chen.post(f"{here}/{what}", form, part=True)).status_code == 409, what
    assert (await SiteVisit.get(id=visit.visit.id)).state is VisitState.PUBLISHED
    assert await VisitStop.filter(visit_id=visit.visit.id).count() == 3


async def test_a_visit_of_many_people_costs_as_many_queries_as_one_of_few(office):
    await office.stop_working()
    visit = await Visit(office).enter()
    await visit.publish()
    (chen, _) = await two_desks(office)
    path = f"/site-visits/{visit.visit.id}"
    screen = await visit.screen()
    await visit.check_in(0, await visit.scanned(0, screen=screen, place=None))
    await visit.present(1)
    await chen.get(path)
    with counting() as few:
        await chen.get(path)
    for n in range(5, MANY):
        person = await office.enrol(f"评委{n}", Role.REFORM_OBSERVER)
        visit.people.append(person)
        await visit.invite(person)
        await visit.present(n)
    with counting() as many:
        page = await chen.get(path)
    assert f"评委{MANY - 1}" in page.text
    assert (few.count > 5, many.count) == (True, few.count)


async def test_of_very_many_check_ins_the_office_chooses_a_stop(office, monkeypatch):
    visit = await (await Visit(office).enter()).publish()
    monkeypatch.setattr(site_visit_running, "MOST_LISTED", 4)
    for n in range(5):
        await visit.present(n, 0)
        await visit.present(n, 1)
    monkeypatch.setattr(site_visit_running, "MOST_TOLD", 3)
    (chen, _) = await two_desks(office)
    page = (await chen.get(f"/site-visits/{visit.visit.id}")).text
    assert "只列出前4次" in page
    assert page.count("改为不在现场") == 4
    assert "显示最近3条" in page
    page = (await chen.get(f"/site-visits/{visit.visit.id}?stop={visit.stops[1].id}")).text
    assert page.count("改为不在现场") == 5
