"""Handing over and leaving, ending duties, and units that are renamed, moved and closed: nothing is orphaned."""

import asyncio
from datetime import date, timedelta

import pytest

from models import Duty, InboxMessage, JournalEntry, LedgerItem, Organisation, Person
from models.vocabulary import LedgerState, OrganisationKind, Role
from server import people
from server.kernel.clock import business_date
from tests.conftest import until
from tests.factories import registered_item


@pytest.fixture
async def luo(office):
    return await office.desk_by_password("罗主任", Role.OFFICE_LEAD)


@pytest.fixture
async def wang(office):
    return await office.enrol("王科长", Role.COMMISSIONER, organisation=office.bureau)


@pytest.fixture
async def li(office):
    return await office.enrol("李科长", Role.COMMISSIONER, organisation=office.bureau)


async def an_item(office, person, *, state=LedgerState.IN_PROGRESS):
    held = {"lead_unit_id": office.bureau.id, "commissioner_id": person.id, "due_on": date(2026, 12, 1)}
    return await registered_item(office, by=person, title="北京路路口坑槽", state=state, **held)


async def test_a_hand_over_moves_every_open_item_and_task_and_is_one_entry(office, luo, wang, li, a_task):
    await a_task.commissioners.add(wang, li)
    items = [await an_item(office, wang) for _ in range(2)]
    closed = await an_item(office, wang, state=LedgerState.CLOSED)

    preview = (await luo.get(f"/people/{wang.id}/hand-over")).text
    answer = await luo.post(f"/people/{wang.id}/hand-over", {"to": str(li.id)})

    assert '未办结事项 <b id="items">2</b>' in preview
    assert "李科长（市住建局）" in preview
    assert answer.status_code == 303
    for item in items:
        now = await LedgerItem.get(id=item.id)
        assert (now.commissioner_id, now.lead_unit_id) == (li.id, office.bureau.id)
        assert now.version == item.version + 1
    assert (await LedgerItem.get(id=closed.id)).commissioner_id == wang.id, "the past stays as it was"
    assert [one.id for one in await a_task.commissioners.all()] == [li.id]
    entry = await JournalEntry.get(event="person.work_handed_over")
    assert entry.detail["items"] == [one.number_text for one in items]
    assert entry.detail["moved"] == 3

    async def told():
        return await InboxMessage.exists(person_id=li.id, body__contains="王科长")

    await until(told)


async def test_nobody_leaves_with_work_in_his_hands(office, luo, wang, li):
    await an_item(office, wang)

    answer = await luo.post(f"/people/{wang.id}/hand-over", {"leaves": "on"})

    assert answer.status_code == 409
    assert "还有工作没有交接" in answer.text
    assert (await Person.get(id=wang.id)).is_active


async def test_only_a_commissioner_of_the_unit_takes_over_its_items(office, luo, wang):
    await an_item(office, wang)
    other = await people.add_organisation(
        "市水务局", code="water", kind=OrganisationKind.RESPONSIBLE_UNIT, by=None, parent=office.root
    )
    zhao = await office.enrol("赵科长", Role.COMMISSIONER, organisation=other)

    preview = (await luo.get(f"/people/{wang.id}/hand-over")).text
    answer = await luo.post(f"/people/{wang.id}/hand-over", {"to": str(zhao.id)})

    assert "现在没有人能接手" in preview
    assert answer.status_code == 422
    assert (await LedgerItem.get()).commissioner_id == wang.id


async def test_whoever_leaves_is_signed_out_at_once_and_holds_no_duty(office, luo):
    zhou = await office.desk_by_password("老周", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    await Duty.filter(person_id=zhou.person.id).update(
        since_on=business_date(office.watch.now()) - timedelta(9)
    )
    assert (await zhou.get("/ledger")).status_code == 200

    await luo.post(f"/people/{zhou.person.id}/hand-over", {"leaves": "on"})

    assert (await zhou.get("/ledger")).status_code == 303
    assert (await zhou.sign_in(office.watch.now() + timedelta(minutes=2))).status_code != 303
    assert (await people.actor_as(zhou.person, on=business_date(office.watch.now()))).duties == []
    assert await Duty.filter(person_id=zhou.person.id).count() == 1, "that he held it stays known"
    assert "已离任" in (await luo.get(f"/people/{zhou.person.id}")).text


async def test_the_last_who_manages_people_can_neither_leave_nor_lose_the_duty(office, luo):
    duty = await Duty.get(person_id=luo.person.id)

    leaving = await luo.post(f"/people/{luo.person.id}/hand-over", {"leaves": "on"})
    ending = await luo.post(f"/people/{luo.person.id}/duties/{duty.id}/ending", {})

    assert (leaving.status_code, ending.status_code) == (409, 409)
    assert (await luo.get("/people")).status_code == 200
    await office.desk_by_password("管理员小吴", Role.ADMINISTRATOR)
    assert (await luo.post(f"/people/{luo.person.id}/duties/{duty.id}/ending", {})).status_code == 303


async def test_two_administrators_who_leave_at_the_same_moment_do_not_leave_the_office_alone(office, luo):
    wu = await office.desk_by_password("管理员小吴", Role.ADMINISTRATOR)

    await asyncio.gather(
        luo.post(f"/people/{luo.person.id}/hand-over", {"leaves": "on"}),
        wu.post(f"/people/{wu.person.id}/hand-over", {"leaves": "on"}),
    )

    assert await Person.filter(is_active=True, id__in=[luo.person.id, wu.person.id]).count() == 1


async def test_a_duty_that_work_hangs_on_does_not_end(office, luo, wang, li):
    await an_item(office, wang)
    duty = await Duty.get(person_id=wang.id)

    refused = await luo.post(f"/people/{wang.id}/duties/{duty.id}/ending", {})
    await luo.post(f"/people/{wang.id}/hand-over", {"to": str(li.id)})
    ended = await luo.post(f"/people/{wang.id}/duties/{duty.id}/ending", {})

    assert (refused.status_code, ended.status_code) == (409, 303)
    assert (await people.actor_as(wang, on=business_date(office.watch.now()))).duties == []


async def test_a_unit_is_added_renamed_and_moved_with_all_below_it(office, luo):
    form = {"name": "市审批局", "kind": "responsible_unit", "below": str(office.root.id)}
    where = (await luo.post("/people/organisations", form)).headers["location"]
    unit = await Organisation.get(name="市审批局")
    hall = await people.add_organisation(
        "市民大厅", code="hall", kind=OrganisationKind.RESPONSIBLE_UNIT, by=None, parent=unit
    )

    await luo.post(f"/people/organisations/{unit.id}/name", {"name": "市行政审批局", "short_name": "审批局"})
    await luo.post(f"/people/organisations/{unit.id}/place", {"below": str(office.bureau.id)})

    page = (await luo.get(where.removeprefix("/console"))).text
    assert "市行政审批局" in page
    assert "单位由“市审批局”改名为“市行政审批局”" in page
    assert (await Organisation.get(id=hall.id)).path == f"{office.bureau.path}{unit.code}/hall/"


async def test_a_unit_does_not_stand_below_itself_and_shares_no_name(office, luo):
    hall = await people.add_organisation(
        "市民大厅", code="hall", kind=OrganisationKind.RESPONSIBLE_UNIT, by=None, parent=office.bureau
    )
    place, name = (f"/people/organisations/{office.bureau.id}/{deed}" for deed in ("place", "name"))

    below_itself = await luo.post(place, {"below": str(hall.id)})
    same_name = await luo.post(name, {"name": "市民大厅"})

    assert (below_itself.status_code, same_name.status_code) == (409, 409)
    assert (await Organisation.get(id=office.bureau.id)).path == office.bureau.path


async def test_a_unit_closes_only_when_nothing_hangs_on_it(office, luo, wang):
    item = await an_item(office, wang)
    closing = f"/people/organisations/{office.bureau.id}/closing"

    refused = await luo.post(closing, {})
    await LedgerItem.filter(id=item.id).update(state=LedgerState.CLOSED)
    await luo.post(f"/people/{wang.id}/hand-over", {"leaves": "on"})
    closed = await luo.post(closing, {})

    assert refused.status_code == 409
    assert "1人在职" in refused.text
    assert "1件事项未办结" in refused.text
    assert closed.status_code == 303
    assert "已撤销" in (await luo.get("/people/organisations")).text
    assert "市住房城乡建设局" not in (await luo.get("/people/new")).text


async def test_staff_see_the_tree_and_change_nothing(office):
    chen = await office.desk_of("小陈")

    page = (await chen.get(f"/people/organisations/{office.bureau.id}")).text

    assert "市住房城乡建设局" in page
    assert "改名" not in page
    assert (await chen.get("/people/organisations/new")).status_code == 403
    assert (await chen.post(f"/people/organisations/{office.bureau.id}/closing", {})).status_code == 403
