"""One search finds numbers, receipts, document numbers, titles, people, units and tasks, and nothing hidden."""

import re

from models import Observation
from models.vocabulary import Role
from tests.conftest import a_report
from tests.factories import dispatched_item, issued_letter, registered_item


def kinds(page):
    """Return what was found: {kind: [name]}."""
    parts = re.split(r'<h2 id="kind-\d+">', page)[1:]
    return {part.partition("<")[0]: re.findall(r"</span>([^<]+)</a>", part) for part in parts}


async def test_each_kind_is_found_in_any_spelling(office, a_task):
    lead = await office.desk_of("罗主任", Role.OFFICE_LEAD)
    by = await office.actor(lead.person)
    item = await dispatched_item(office, by=lead, title="北京路口坑槽")
    other = await registered_item(office, by=lead, title="北京路口路灯")
    letter = await issued_letter(item, kind="dispatch_letter", by=by, now=office.watch.now())

    assert kinds((await lead.get("/search?q=北京路口")).text)["台账"] == [other.title, item.title]
    spelled = letter.number_text.replace("〔", "[").replace("〕", "] ")
    found = await lead.get(f"/search?q={spelled}", follow_redirects=False)
    assert found.headers["location"] == f"/console/letters/{letter.id}"
    assert "罗主任" in kinds((await lead.get("/search?q=改革办")).text)["人员"]
    assert "查找框里输入" in (await lead.get("/search")).text
    assert "没有找到" in (await lead.get("/search?q=没有这样的事")).text


async def test_the_only_hit_opens_at_once(office):
    chen, laoma = await office.desk_of("小陈"), await office.phone_of("老马")
    await laoma.submit(a_report(text="东街路灯不亮"))
    report = await Observation.get()
    typed = report.receipt_number.replace("-", "").lower()

    found = await chen.get(f"/search?q={typed}", follow_redirects=False)

    assert (found.status_code, found.headers["location"]) == (303, f"/console/review/{report.id}")


async def test_nobody_finds_what_they_may_not_see(office):
    chen, laoma = await office.desk_of("小陈"), await office.phone_of("老马")
    await laoma.submit(a_report(text="东街路灯不亮"))
    report = await Observation.get()
    await registered_item(office, by=chen, title="别的单位的坑槽")
    unit = await office.desk_of("联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)

    for typed in (report.receipt_number, "坑槽", "老马", "住建局"):
        assert kinds((await unit.get(f"/search?q={typed}")).text) == {}
