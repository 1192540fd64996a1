"""The journal on the console: every event in words, no reporters, and the proof that nothing was altered."""

import re
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from models import JournalEntry, LedgerItem, Observation
from models.vocabulary import Role
from server import journal
from server.journal import anchoring
from server.kernel.clock import business_date
from server.notifications.inbox.telling_deeds import OFFICE_DEEDS, UNNAMED, tell
from server.notifications.inbox.wording import TIMELINE
from tests.conftest import a_report


@pytest.fixture
async def zheng(office):
    return await office.desk_of("审计员老郑", Role.AUDITOR)


def lines(page):
    """Return (event, subject, actor) of each entry."""
    found = re.findall(
        r'<td class="wrap-any">([^<]+)</td><td data-label="对象">(\S+) <a [^>]+>([^<]+)</a>.*?data-label="谁">([^<]+)<',
        page,
    )
    return [(what, f"{kind} {name}", who) for what, kind, name, who in found]


async def test_deeds_are_listed_newest_first_in_words(office, zheng):
    laoma = await office.phone_of("老马")
    chen = await office.desk_of("小陈")
    await laoma.submit(a_report(), uuid4())
    observation = await Observation.get()
    form = {"version": 1, "title": "北京路路口坑槽", "kind": "problem"}
    await chen.post(f"/review/{observation.id}/acceptance", form, part=True)
    item = await LedgerItem.get()

    page = (await zheng.get("/journal")).text

    assert lines(page)[:3] == [
        (f"审核采纳，挂号{item.number_text}", f"上报 {observation.receipt_number}", "小陈"),
        (f"挂号，编号{item.number_text}", f"台账 {item.number_text}", "小陈"),
        ("收到上报，附照片1张", f"上报 {observation.receipt_number}", "上报人"),
    ]


async def test_nobody_learns_from_the_journal_who_reported(office, zheng):
    laoma = await office.phone_of("老马")
    client_id = uuid4()
    await laoma.submit(a_report(), client_id)
    await laoma.put(f"/observations/{client_id}/revisions/1", json=a_report(text="改过"))
    await laoma.delete(f"/observations/{client_id}")
    observation = await Observation.get()

    page = (await zheng.get(f"/journal?subject_id={observation.id}")).text

    assert [who for _, _, who in lines(page)] == ["上报人", "上报人", "上报人"]
    assert "老马" not in page
    assert str(laoma.person.id) not in page


async def test_a_deed_on_a_report_names_nobody_and_tells_no_hour(office):
    entry = JournalEntry(
        id=1,
        event="observation.completed",
        subject_kind="observation",
        subject_id=uuid4(),
        detail={},
        at=office.watch.now(),
    )
    (told,) = await tell([entry])
    assert (told.who, told.is_day, told.at.hour, told.at.minute) == ("上报人", True, 0, 0)


def test_it_was_decided_for_every_deed_on_a_report_whether_its_doer_is_named():
    """New events need a decision here: the office's actors are named, reporters never."""
    never_named = {
        "observation.submitted",
        "observation.completed",
        "observation.amended",
        "observation.withdrawn",
        "observation.answered",
        "photo.received",
        "photo.shown",
        "photo.refused",
        "photo.forgotten",
        "content.held",
    }
    about = UNNAMED.keys() | {"content"}  # what only the office did about a report or a photo
    on_reports = {deed for deed in TIMELINE if deed.partition(".")[0] in about}
    assert on_reports == OFFICE_DEEDS | never_named


async def test_entries_are_found_by_deed_and_by_subject(office, zheng):
    await office.enrol("王科长", Role.COMMISSIONER, organisation=office.bureau)

    page = (await zheng.get("/journal?event=organisation.added")).text

    assert [what for what, _, _ in lines(page)] == ["新增单位", "新增单位"]
    assert '共 <b id="total">2</b> 条' in page
    one = (await zheng.get(f"/journal?subject_id={office.bureau.id}")).text
    assert lines(one) == [("新增单位", "单位 市住房城乡建设局", "系统")]
    options = re.findall(r'<option value="([a-z_]+[.][a-z_.]+)"', page)
    assert options == sorted(TIMELINE)


async def test_the_pages_together_are_the_whole_journal(office, zheng):
    for number in range(7):
        await office.enrol(f"队员{number}", Role.TEAM_MEMBER)
    total = await JournalEntry.all().count()

    seen, address = [], "/journal?limit=4"
    while address:
        page = (await zheng.get(address)).text
        seen += re.findall(r'id="entry-(\d+)"', page)
        following = re.search(r'rel="next" href="/console(/journal[^"]+)"', page)
        address = following and following[1].replace("&amp;", "&") + "&limit=4"

    assert seen == [str(number) for number in range(total, 0, -1)]  # drawn one by one, and none was given up


@pytest.fixture
async def anchored(office):
    """Close a block and write an anchor, as the worker does."""
    await anchoring.close_block()
    (office.tools.settings.data_dir / "anchors.log").unlink(missing_ok=True)
    await anchoring.anchor(office.tools.settings, now=office.watch.now())


async def test_an_untouched_journal_is_verified_on_demand(office, zheng, anchored):
    answer = await zheng.post("/journal/verification", {}, part=True)

    assert answer.status_code == 200
    assert "核验通过：数据、日志与存证相符，编号连续。" in answer.text
    assert re.search(r"\d+个行版本、\d+笔、1块、\d+行，与1个锚点对照", answer.text)


async def test_a_touched_entry_is_found_and_named(office, zheng, anchored, database_url):
    entry = await JournalEntry.filter(event="organisation.added").first()
    connection = await asyncpg.connect(database_url)
    await connection.execute("ALTER TABLE journal_entry DISABLE TRIGGER ALL")
    await connection.execute("UPDATE journal_entry SET deed = 'organisation.removed' WHERE id = $1", entry.id)
    await connection.execute("ALTER TABLE journal_entry ENABLE TRIGGER ALL")
    for one in "iudt":
        await connection.execute(f"ALTER TABLE journal_entry ENABLE ALWAYS TRIGGER zz_ledger_{one}")
    await connection.close()

    answer = await zheng.post("/journal/verification", {}, part=True)

    assert "核验不通过" in answer.text
    assert f"journal_entry {entry.id}被改动；" in answer.text


async def test_without_an_anchor_nothing_passes(office, zheng):
    (office.tools.settings.data_dir / "anchors.log").unlink(missing_ok=True)
    answer = await zheng.post("/journal/verification", {}, part=True)

    assert "核验不通过" in answer.text
    assert "没有一个可用的锚点" in answer.text


async def test_each_entry_stands_beside_the_block_that_commits_to_it_but_for_a_reporters(office, zheng):
    """A block closes within half a second of its events: next to another event it would reveal a reporter's minute."""
    await (await office.phone_of("老马")).submit(a_report(), uuid4())
    assert "待封" in (await zheng.get("/journal")).text
    await anchoring.close_block()
    block = await journal.blocks_of(await JournalEntry.all())
    page = (await zheng.get("/journal")).text
    assert "待封" not in page
    assert {one.number for one in block.values()} == {1}
    assert all(one.hash in page for one in block.values())
    told = re.findall(
        r'data-label="谁">([^<]+)</td><td class="number-text" data-label="存证块">([^< ]+)', page
    )
    assert {sealed for who, sealed in told if who == "上报人"} == {"已封"}
    assert {sealed for who, sealed in told if who != "上报人"} == {"1"}


async def test_only_those_with_the_duty_read_the_journal(office):
    chen = await office.desk_of("小陈")

    assert (await chen.get("/journal")).status_code == 403
    assert (await chen.post("/journal/verification", {})).status_code == 403


async def test_entries_are_found_by_day_and_by_what_they_are_about(office, zheng):
    await (await office.phone_of("老马")).submit(a_report(), uuid4())
    today = business_date(office.watch.now())
    total = await JournalEntry.all().count()

    def told(page):
        return int(re.search(r'<b id="total">(\d+)</b>', page)[1])

    assert told((await zheng.get(f"/journal?since_on={today}&until_on={today}")).text) == total
    assert told((await zheng.get(f"/journal?until_on={today - timedelta(days=1)}")).text) == 0
    assert told((await zheng.get(f"/journal?since_on={today + timedelta(days=1)}")).text) == 0
    reports = (await zheng.get(f"/journal?kind=observation&since_on={today}")).text
    assert {about.split()[0] for _, about, _ in lines(reports)} == {"上报"}


async def test_a_narrowed_journal_is_paged_as_it_is_narrowed(office, zheng):
    await office.enrol("王科长", Role.COMMISSIONER, organisation=office.bureau)
    page = (await zheng.get("/journal?kind=person&since_on=2020-01-01&limit=1")).text
    following = re.search(r'rel="next" href="/console(/journal[^"]+)"', page)[1].replace("&amp;", "&")
    assert "kind=person" in following
    assert "since_on=2020-01-01" in following


async def test_nobody_can_ask_the_journal_for_the_deeds_of_one_person(zheng):
    answer = await zheng.get(f"/journal?actor_id={uuid4()}")
    assert answer.status_code == 422
