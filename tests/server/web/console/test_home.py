"""The first page: each number is the length of the list behind it."""

import re
from datetime import timedelta
from uuid import uuid4

from models import LedgerItem, Observation
from models.vocabulary import LedgerState, Role
from server.kernel.clock import business_date
from tests.conftest import a_picture, a_report
from tests.factories import dispatched_item, issued_letter, registered_item


def numbers(page):
    found = re.findall(r'class="number[^"]*" href="/console([^"]+)"><b>(\d+)</b><span>([^<]+)</span>', page)
    return [(path.replace("&amp;", "&"), int(count), label) for path, count, label in found]


def length_of(page):
    """Return how many things a list page says it holds."""
    if told := re.search(r'id="total">(\d+)<', page):
        return int(told[1])
    return len(re.findall(r'data-id="', page))


async def test_every_number_is_the_length_of_its_list(office, a_task):
    chen = await office.desk_of("小陈")
    laoma = await office.phone_of("老马")
    for number in range(4):
        await laoma.submit(a_report(a_picture((number, 0, 0)), text=f"第{number}件"), uuid4())
    first, second, *_ = await Observation.all().order_by("received_at")
    await Observation.filter(id=first.id).update(promised_on=first.promised_on - timedelta(days=9))
    await chen.post(f"/review/{second.id}/question", {"version": 1, "reason": "unclear_place"}, part=True)
    for days_ago in (0, 0, 400):
        await registered_item(office, by=chen, now=office.watch.now() - timedelta(days=days_ago))

    found = numbers((await chen.get("/")).text)

    counts = {label: count for _, count, label in found}
    assert counts["待审核"] == 3
    assert counts["其中已超期"] == 1
    assert counts["等上报人补充"] == 1
    assert (counts["本年任务"], counts["需要补齐"]) == (1, 3)
    assert (counts["今日挂号"], counts["本年台账"]) == (2, 2)
    for path, count, label in found:
        answer = await chen.get(path)
        assert answer.status_code == 200
        assert (label, length_of(answer.text)) == (label, count)


async def test_a_unit_s_first_page_is_its_work(office):
    """Unacknowledged, overdue and soon due items, the most urgent first, and letters; nothing of other units."""
    chen = await office.desk_of("小陈")
    zhou = await office.desk_of("老周", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    actor, now = await office.actor(chen.person), office.watch.now()
    stands = [
        (LedgerState.DISPATCHED, 30),
        (LedgerState.IN_PROGRESS, -2),
        (LedgerState.DISPATCHED, -1),
        (LedgerState.CLOSING, 40),
    ]
    items = []
    for number, (state, days) in enumerate(stands):
        facts = {"lead_unit_id": office.bureau.id, "due_on": business_date(now) + timedelta(days=days)}
        items.append(await registered_item(office, by=chen, title=f"第{number + 1}件", state=state, **facts))
    foreign = await registered_item(office, by=chen, title="别家的事", now=now)
    letter = await issued_letter(items[1], kind="urging_letter", by=actor, now=now)

    page = (await zhou.get("/")).text

    found = numbers(page)
    counts = {label: count for _, count, label in found}
    assert (counts["待签收"], counts["已逾期"], counts["三个工作日内到期"]) == (2, 2, 0)
    assert (counts["办理中"], counts["等改革办审核销号"]) == (1, 1)
    for path, count, label in found:
        assert (label, length_of((await zhou.get(path)).text)) == (label, count)
    first = page.split("先办这几件")[1]
    assert [title for title in re.findall(r"第\d件", first.split("</section>")[0])] == [
        "第2件",
        "第3件",
        "第1件",
    ]
    assert first.count("请签收") == 2
    assert f"{letter.number_text}</span>催办函：第2件" in page
    assert foreign.number_text not in page


async def test_an_administrator_s_first_page_is_what_he_keeps(office):
    wu = await office.desk_of("管理员小吴", Role.ADMINISTRATOR)
    page = (await wu.get("/")).text
    assert "没有办公台上的职责" not in page
    counts = {label: count for _, count, label in numbers(page)}
    assert (counts["在册人员"], counts["单位"], counts["在用理由"]) == (1, 2, 2)
    for path, count, label in numbers(page):
        assert (label, length_of((await wu.get(path)).text)) == (label, count)


async def test_whoever_finds_work_in_the_navigation_is_not_told_he_has_none(office):
    for role in set(Role) - {Role.CITIZEN}:
        desk = await office.desk_of(role.label, role, organisation=office.bureau)
        page = (await desk.get("/")).text
        has_places = page.count('class="side-link"') > 1
        assert (role, "没有办公台上的职责" in page) == (role, not has_places)


async def test_somebody_without_duties_here_reads_why_the_page_is_empty(office):
    citizen = await office.desk_of("群众", Role.CITIZEN)

    assert "您目前没有办公台上的职责" in (await citizen.get("/")).text


async def test_the_day_begins_with_what_waits_and_each_row_leads_to_its_next_action(office):
    chen, laoma = await office.desk_of("小陈", Role.OFFICE_LEAD), await office.phone_of("老马")
    now = office.watch.now()
    late = await dispatched_item(office, by=chen, title="早就到期的事")
    await LedgerItem.filter(id=late.id).update(due_on=business_date(now) - timedelta(days=30))
    asked = await dispatched_item(office, by=chen, title="请审核的事")
    await LedgerItem.filter(id=asked.id).update(state=LedgerState.CLOSING)
    await laoma.submit(a_report(text="东街路灯不亮"), uuid4())

    page = (await chen.get("/")).text

    rows = re.findall(r'class="today-row" href="/console([^"]+)"><span class="today-action">([^<]+)<', page)
    assert [action for _, action in rows] == ["催办", "审核上报", "审核销号"]
    for path, _ in rows:
        assert (await chen.get(path)).status_code == 200
    unit = await office.desk_of("联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    assert "今天要办" not in (await unit.get("/")).text
