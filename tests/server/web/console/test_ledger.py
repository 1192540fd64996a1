"""The ledger's pages: filters, pages, and an item with its whole history."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from models import Duty, LedgerItem, Observation
from models.vocabulary import LedgerState, ObservationKind, Role
from server.web.console import ledger as pages
from tests.conftest import a_report
from tests.factories import registered_item


@pytest.fixture
async def chen(office):
    return await office.desk_of("小陈")


async def registered(office, by, **changes):
    """Register an item; `days_ago` sets it back."""
    at = office.watch.now() - timedelta(days=changes.pop("days_ago", 0))
    return await registered_item(office, by=by, now=at, **changes)


def numbers(page):
    return re.findall(r'class="nowrap number-text"><a [^>]*>([^<]+)</a>', page)


def total(page):
    return int(re.search(r'<b id="total">(\d+)</b>', page)[1])


async def test_the_newest_item_stands_first_and_the_total_is_the_list(office, chen):
    first, second = await registered(office, chen, days_ago=1), await registered(office, chen)

    page = (await chen.get("/ledger")).text

    assert numbers(page) == [second.number_text, first.number_text]
    assert total(page) == 2


async def test_each_filter_finds_what_it_says(office, chen, a_task):
    pothole = await registered(
        office, chen, place_name="北京路", task_id=a_task.id, lead_unit_id=office.bureau.id, days_ago=1
    )
    lift = await registered(office, chen, title="加装电梯", kind=ObservationKind.HELP_REQUEST)
    await LedgerItem.filter(id=lift.id).update(state=LedgerState.VOIDED)
    found = {
        "?q=北京": [pothole],
        f"?q={lift.number_text}": [lift],
        "?state=voided": [lift],
        "?kind=problem": [pothole],
        f"?task_id={a_task.id}": [pothole],
        f"?lead_unit_id={office.bureau.id}": [pothole],
        f"?year={pothole.year}&state=&q=": [lift, pothole],
        "?year=2001": [],
    }
    for query, items in found.items():
        page = (await chen.get(f"/ledger{query}")).text
        assert (query, numbers(page)) == (query, [item.number_text for item in items])
        assert total(page) == len(items)


async def test_a_day_of_registration_is_the_office_s_day(office, chen):
    item = await registered(office, chen)
    late_evening = item.registered_at.replace(hour=15, minute=59)  # 23:59 in Shanghai
    await LedgerItem.filter(id=item.id).update(registered_at=late_evening)
    day = late_evening.date()

    assert total((await chen.get(f"/ledger?registered_on={day}")).text) == 1
    assert total((await chen.get(f"/ledger?registered_on={day + timedelta(days=1)}")).text) == 0


async def test_the_pages_together_are_the_whole_list(office, chen, monkeypatch):
    monkeypatch.setattr(pages, "PAGE", 2)
    items = [await registered(office, chen, days_ago=number) for number in range(5)]

    seen, address = [], "/ledger?kind=problem"
    while address:
        page = (await chen.get(address)).text
        seen += numbers(page)
        assert total(page) == 5
        following = re.search(r'rel="next" href="/console([^"]+)"', page)
        address = following and following[1].replace("&amp;", "&")

    assert seen == [item.number_text for item in items]


async def test_an_item_tells_what_happened_in_one_line_of_time(office, chen):
    laoma = await office.phone_of("老马")
    await laoma.submit(a_report(), uuid4())
    observation = await Observation.get()
    form = {"version": 1, "title": "北京路路口坑槽", "kind": "problem", "summary": "请市住建局核实"}
    await chen.post(f"/review/{observation.id}/acceptance", form, part=True)
    item = await LedgerItem.get()

    page = (await chen.get(f"/ledger/{item.id}")).text

    told = re.findall(r"</time><span>([^<]+)</span><span class=\"deeds-who\">([^<]+)</span>", page)
    assert told == [
        ("收到上报，附照片1张", "上报人"),
        (f"挂号，编号{item.number_text}", "小陈"),
        (f"审核采纳，挂号{item.number_text}", "小陈"),
    ]
    assert "请市住建局核实" in page
    assert f"/console/review/{observation.id}" in page
    assert "老马" not in page


async def test_a_unit_sees_its_case_and_never_the_report(office, chen):
    laoma = await office.phone_of("老马")
    await laoma.submit(a_report(text="只有改革办能看的话"), uuid4())
    observation = await Observation.get()
    form = {"version": 1, "title": "北京路路口坑槽", "kind": "problem", "lead_unit": "市住建局"}
    await chen.post(f"/review/{observation.id}/acceptance", form, part=True)
    item = await LedgerItem.get()
    unit = await office.desk_of("住建局老周", Role.DEPARTMENT_CONTACT, organisation=office.bureau)

    page = (await unit.get(f"/ledger/{item.id}")).text

    assert "北京路路口坑槽" in page
    assert "只有改革办能看的话" not in page
    assert str(observation.id) not in page
    assert "收到上报" not in page
    assert (await unit.get(f"/review/{observation.id}")).status_code == 403


async def test_a_duty_without_a_unit_reaches_no_item(office, chen):
    await registered(office, chen)  # no lead unit yet
    adrift = await office.desk_of("联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    await Duty.filter(person_id=adrift.person.id).update(organisation_id=None)

    assert numbers((await adrift.get("/ledger")).text) == []


async def test_another_unit_s_item_and_a_missing_one_look_the_same(office, chen):
    item = await registered(office, chen)
    unit = await office.desk_of("住建局老周", Role.DEPARTMENT_CONTACT, organisation=office.bureau)

    foreign, missing = await unit.get(f"/ledger/{item.id}"), await unit.get(f"/ledger/{uuid4()}")

    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert foreign.text == missing.text
    assert numbers((await unit.get("/ledger")).text) == []
