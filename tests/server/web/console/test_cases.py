"""Cases on the console: the office checks the audience, writes, and passes the unit's answer on."""

import re

import pytest

from models import Case, Observation
from models.vocabulary import CaseState, ObservationKind, Role
from server import cases, ledger, observations
from server.kernel.clock import business_date
from server.ledger import NewItem
from tests.acting import act
from tests.conftest import a_picture, a_report, until

SUMMARY = "该路口路面破损，需尽快修复。"


@pytest.fixture
async def chen(office):
    return await office.desk_of("小陈")


@pytest.fixture
async def item(office, chen):
    """老马's report with a photo, dispatched to the bureau."""
    laoma = await office.phone_of("老马")
    picture, by, now = a_picture(), await office.actor(chen.person), office.watch.now()
    await laoma.submit(a_report(picture))
    await laoma.upload(picture)
    report = await Observation.get()
    new = NewItem("路口坑槽", ObservationKind.PROBLEM, place_name="北京路口")
    item = await observations.accept(report.id, version=report.version, new=new, by=by, now=now)
    item = await act(
        ledger.dispatch,
        item.id,
        version=item.version,
        unit_id=office.bureau.id,
        by=by,
        now=office.watch.now(),
    )

    async def shown():
        return await cases.photos_to_choose(by, item.id)

    await until(shown)
    return item


async def test_a_photo_can_be_chosen_once_its_content_is_passed(office, chen, item):
    async def box():
        page = (await chen.get(f"/cases/new?item_id={item.id}")).text
        return re.search(r'<input type="checkbox" name="picture-[^>]*>', page)[0]

    assert "disabled" in await box()
    await office.decide_photos(await Observation.get(), by=await office.actor(chen.person))
    assert "disabled" not in await box()


def form(office, item, **changes):
    today = business_date(office.watch.now()).isoformat()
    given = {"item_id": str(item.id), "summary": SUMMARY, "seen_on": today, "seen_part": "morning"}
    return given | changes


async def test_the_office_is_warned_before_it_writes_and_must_say_why(office, chen, item):
    await office.decide_photos(await Observation.get(), by=await office.actor(chen.person))
    page = (await chen.get(f"/ledger/{item.id}")).text
    assert f"/console/cases/new?item_id={item.id}" in page
    page = (await chen.get(f"/cases/new?item_id={item.id}")).text
    assert "有1人，不到5人，承办单位有可能猜出是谁上报的" in page
    picture = re.search(r'name="(picture-[0-9a-f-]{36})"', page)[1]

    refused = await chen.post("/cases", form(office, item), part=True)
    assert refused.status_code == 409
    assert "可能猜出" in refused.text
    done = await chen.post("/cases", form(office, item, narrow_because="已征得同意") | {picture: "1"})
    assert done.status_code == 303
    case = await Case.get()
    assert done.headers["location"] == f"/console/cases/{case.id}"
    shown = (await chen.get(f"/cases/{case.id}")).text
    assert "撤回" in shown
    assert "/console/photos/" in shown
    assert "已征得同意" in shown


async def test_the_units_answer_is_passed_on_in_the_offices_words(office, chen, item):
    await chen.post("/cases", form(office, item, narrow_because="已征得同意"))
    case = await Case.get()
    await cases.release_batch(business_date(office.watch.now()))
    liu = await office.actor(
        await office.enrol("刘联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    )
    await cases.answer(case.id, cases.AnswerCase(text="已安排修复"), by=liu, now=office.watch.now())
    assert "转告上报人" in (await chen.get(f"/cases/{case.id}")).text

    await chen.post(f"/cases/{case.id}/forwarding", {"words": "单位已安排修复。"})
    page = (await chen.get(f"/cases/{case.id}")).text
    assert "单位已安排修复。" in page
    assert (await Case.get()).state is CaseState.FORWARDED
    listed = (await chen.get("/cases?state=forwarded")).text
    assert item.number_text in listed


async def test_a_case_is_withdrawn_from_its_page(office, chen, item):
    await chen.post("/cases", form(office, item, narrow_because="已征得同意"))
    case = await Case.get()
    done = await chen.post(f"/cases/{case.id}/withdrawal", {"reason": "措辞不当"}, part=True)
    assert (done.status_code, done.headers["hx-redirect"]) == (204, f"/console/cases/{case.id}")
    assert (await Case.get()).state is CaseState.WITHDRAWN


async def test_a_broken_box_is_refused(office, chen, item):
    told = await chen.post("/cases", form(office, item) | {"picture-1": "1"}, part=True)
    assert told.status_code == 400


async def test_units_have_no_such_pages(office, item):
    liu = await office.desk_of("刘联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    assert (await liu.get("/cases")).status_code == 403
    assert "/console/cases/new" not in (await liu.get(f"/ledger/{item.id}")).text
