"""Who sees which items, and how the list pages."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from models import AnnualTaskList, Observation, ReformTask
from models.vocabulary import (
    Datum,
    LedgerState,
    ObservationKind,
    OrganisationKind,
    Role,
    TaskListState,
)
from server import ledger, people
from server.kernel.calendars import calendar
from server.kernel.places import Position
from server.ledger import LedgerView
from tests.conftest import a_report
from tests.factories import registered_item


@pytest.fixture
async def registrar(office):
    return await office.enrol("小陈", Role.OFFICE_STAFF)


async def item(office, registrar, title="路口坑槽", **where):
    office.watch.ahead += timedelta(seconds=1)
    at = Position(38.4872, 106.2309, Datum.WGS84)
    return await registered_item(
        office, by=registrar, title=title, at=at, new={"place_name": "北京路", **where}
    )


async def a_task(office, commissioner, official):
    task_list = await AnnualTaskList.create(
        year=2026,
        version=1,
        state=TaskListState.PUBLISHED,
        digest="0" * 64,
        source_name="x",
        published_at=office.watch.now(),
    )
    task = await ReformTask.create(
        task_list=task_list,
        year=2026,
        code="2026-09",
        measure=9,
        name="健全台账督办制",
        lead_unit=office.bureau,
        leading_official=official,
        due_on=office.watch.now().date(),
    )
    await task.commissioners.add(commissioner)
    return task


async def seen(office, person, **wanted):
    actor, view = await office.actor(person), LedgerView(**wanted)
    also = await ledger.narrowed(
        view, actor=actor, today=office.watch.now().date(), calendar=await calendar()
    )
    items, _ = await ledger.page_of(actor, view, also=also)
    return [one.number for one in items]


async def test_each_sees_what_the_duty_reaches(office, registrar):
    wang = await office.enrol("王科长", Role.COMMISSIONER, organisation=office.bureau)
    qi = await office.enrol("祁书记", Role.LEADING_OFFICIAL)
    niu = await office.enrol("小牛", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    other = await people.add_organisation(
        "市教育局", code="education", kind=OrganisationKind.RESPONSIBLE_UNIT, by=None, parent=office.root
    )
    stranger = await office.enrol("小季", Role.DEPARTMENT_CONTACT, organisation=other)
    task = await a_task(office, wang, qi)
    await item(office, registrar)
    await item(office, registrar, task_id=task.id)
    await item(office, registrar, lead_unit_id=office.bureau.id)

    assert await seen(office, registrar) == [3, 2, 1]
    assert await seen(office, wang) == await seen(office, qi) == [2]
    assert await seen(office, niu) == [3]
    assert await seen(office, stranger) == []


@pytest.mark.parametrize("role", [Role.CITIZEN, Role.TEAM_MEMBER, Role.ADMINISTRATOR])
async def test_who_has_no_duty_for_it_sees_no_ledger(office, registrar, role):
    await item(office, registrar)
    person = await office.enrol("某人", role)
    with pytest.raises(people.NotAllowed):
        await seen(office, person)


async def test_a_foreign_item_is_as_missing_as_none(office, registrar):
    kept = await item(office, registrar)
    stranger = await office.phone_of("小季", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    foreign = await stranger.get(f"/ledger-items/{kept.id}")
    missing = await stranger.get(f"/ledger-items/{uuid4()}")

    assert foreign.status_code == missing.status_code == 404
    assert foreign.json() | {"request_id": ""} == missing.json() | {"request_id": ""}


async def test_pages_meet_every_item_once(office, registrar):
    for _ in range(7):
        await item(office, registrar)
    phone = await office.phone_of("老陈", Role.OFFICE_STAFF)
    found, cursor = [], {}
    while cursor is not None:
        page = (await phone.get("/ledger-items", params={"limit": 3} | cursor)).json()
        assert page["total"] == 7
        found += [line["number"] for line in page["items"]]
        cursor = {"cursor": page["cursor"]} if page["cursor"] else None
    assert found == [f"改-2026-{number:04d}" for number in range(7, 0, -1)]


@pytest.mark.parametrize("cursor", ["x", "2026-01-01~y", f"2026-01-01T00:00:00~{UUID(int=7)}", "~"])
async def test_a_made_up_cursor_is_refused(office, registrar, cursor):
    phone = await office.phone_of("老陈", Role.OFFICE_STAFF)
    answer = await phone.get("/ledger-items", params={"cursor": cursor})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor")


async def test_the_filters_find_what_they_say(office, registrar):
    await item(office, registrar, "垃圾亭满溢")
    await item(office, registrar)
    assert await seen(office, registrar, q="垃圾") == [1]
    assert await seen(office, registrar, q="2026-0002") == [2]
    assert await seen(office, registrar, state=LedgerState.CLOSED) == []
    assert await seen(office, registrar, kind=ObservationKind.GOOD_PRACTICE) == []
    assert await seen(office, registrar, year=2026) == [2, 1]
    assert await seen(office, registrar, lead_unit_id=office.bureau.id) == []


@pytest.mark.parametrize(
    "typed",
    [
        "err 小区",
        "小区 ERR",
        "ｅｒｒ",
        "门禁-ERR",
        "门禁—err",
        "改―2026-0001",
        "改 2026 0001",
        "2026-0001",
        "住建局",
        "北京路 门禁",
    ],
)
async def test_a_search_finds_words_in_any_spelling_and_order(office, registrar, typed):
    await item(office, registrar, "小区 门禁—ＥＲＲ 报错", lead_unit_id=office.bureau.id)
    await item(office, registrar, "路口坑槽")
    assert await seen(office, registrar, q=typed) == [1]
    assert await seen(office, registrar, q=f"{typed} 没有的词") == []


async def test_those_who_review_find_an_item_by_a_receipt_number_and_units_do_not(office, registrar):
    laoma = await office.phone_of("老马")
    number = (await laoma.submit(a_report())).json()["receipt_number"]
    kept = await item(office, registrar, lead_unit_id=office.bureau.id)
    await Observation.filter(receipt_number=number).update(ledger_item_id=kept.id)
    wang = await office.enrol("王联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    assert await seen(office, wang) == [1]
    for typed in (number, number.lower().replace("-", "")):
        assert await seen(office, registrar, q=typed) == [1]
        assert await seen(office, wang, q=typed) == []


async def test_percent_and_underscore_are_only_letters(office, registrar):
    await item(office, registrar)
    assert await seen(office, registrar, q="%") == await seen(office, registrar, q="_") == []


async def test_an_item_page_tells_its_story_and_its_next_steps(office, registrar):
    kept = await item(office, registrar)
    phone = await office.phone_of("老陈", Role.OFFICE_STAFF)
    answer = await phone.get(f"/ledger-items/{kept.id}")
    card = answer.json()

    assert [line["words"] for line in card["timeline"]] == ["挂号，编号改-2026-0001"]
    assert card["next_steps"] == ["dispatch", "merge", "void"]
    unchanged = await phone.get(f"/ledger-items/{kept.id}", headers={"if-none-match": answer.headers["etag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
