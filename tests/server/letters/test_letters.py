"""Letters on paper: numbered without gaps, one for each occasion, and never changed after they are issued."""

import asyncio
from datetime import timedelta
from urllib.parse import unquote

import pytest
from tortoise.exceptions import OperationalError

from models import Export, JournalEntry, Letter
from models.vocabulary import ExportState, Role
from models.vocabulary import TemplatePurpose as P
from server import exports, ledger, letters, templates
from server.exports import TooManyExports
from server.kernel.clock import business_date
from server.kernel.refusal import NoSuchThing
from server.letters.commands import Draft
from server.letters.refusals import NoLetterNow
from server.people import NotAllowed
from server.templates import NewWording
from server.verifying import verify
from tests.acting import act
from tests.conftest import until
from tests.factories import dispatched_item

KINDS = letters.kinds_of("yinchuan")
TRICKS = "#panic(1) $x$ *粗* \\ {编号} <b>坑槽</b>"


@pytest.fixture
async def luo(office):
    return await office.actor(await office.enrol("罗主任", Role.OFFICE_LEAD))


@pytest.fixture
async def wang(office):
    return await office.actor(await office.enrol("王科长", Role.COMMISSIONER, organisation=office.bureau))


@pytest.fixture
async def item(office, luo, wang):
    return await dispatched_item(
        office, by=luo, commissioner=wang, days=5, title=TRICKS, new={"summary": "雨后积水。"}
    )


async def issued(office, item, by, kind="dispatch_letter"):
    return await letters.issue(item.id, Draft(kind=kind), by=by, now=office.watch.now(), kinds=KINDS)


async def test_a_letter_has_number_date_addressee_and_the_office_s_own_words(office, item, luo):
    letter, today = await issued(office, item, luo), business_date(office.watch.now())
    assert letter.number_text == f"改交〔{today.year}〕1号"
    assert (letter.addressee, letter.issuer_name) == ("市住房城乡建设局", "市委改革办")
    assert (letter.issued_on, letter.title) == (today, "督察事项交办单")
    assert f"督察事项“{TRICKS}”（编号{item.number_text}）" in letter.body
    assert "有关情况：雨后积水。\n" in letter.body
    assert f"于{item.due_on.year}年{item.due_on.month}月{item.due_on.day}日前办结" in letter.body
    entry = await JournalEntry.get(event="ledger_item.letter_issued")
    told = {"letter": "交办单", "number": letter.number_text, "letter_id": str(letter.id)}
    assert entry.detail == told


async def test_one_occasion_brings_one_letter_however_often_it_is_asked_for(office, item, luo):
    found = await asyncio.gather(*(issued(office, item, luo) for _ in range(5)))
    assert len({one.id for one in found}) == 1
    urged = await issued(office, item, luo, "urging_letter")
    assert (await issued(office, item, luo, "urging_letter")).id == urged.id
    office.watch.ahead = timedelta(days=1)
    assert (await issued(office, item, luo, "urging_letter")).number == 2
    assert await Letter.filter(kind="dispatch_letter").count() == 1
    assert await JournalEntry.filter(event="ledger_item.letter_issued").count() == 3


async def test_another_unit_gets_a_letter_of_its_own(office, item, luo, wang):
    first, now = await issued(office, item, luo), office.watch.now()
    fresh = await act(ledger.give_back, item.id, version=item.version, reason="不归我们", by=wang, now=now)
    with pytest.raises(NoLetterNow):
        await issued(office, fresh, luo)
    later = office.watch.now() + timedelta(seconds=5)
    await act(ledger.dispatch, fresh.id, version=fresh.version, unit_id=office.bureau.id, by=luo, now=later)
    assert (await issued(office, item, luo)).number == first.number + 1


async def test_a_letter_keeps_its_words_and_the_database_itself_keeps_them(office, item, luo):
    letter = await issued(office, item, luo, "urging_letter")
    new = NewWording("催办", "{编号}“{事项}”，{办理期限}前办结。", "写短一点")
    await templates.change_template(P.URGING_LETTER, version=1, new=new, by=luo, now=office.watch.now())
    assert "请抓紧办理" in (await issued(office, item, luo, "urging_letter")).body
    with pytest.raises(OperationalError, match="kept"):
        await Letter.filter(id=letter.id).update(body="从来不是这样写的")


async def test_the_verifier_knows_whose_each_number_is(office, item, luo, database_url):
    await issued(office, item, luo)
    assert (await verify(database_url)).faults == []


async def test_only_who_decides_issues_and_whoever_sees_the_item_prints(office, item, luo, wang):
    letter = await issued(office, item, luo)
    li = await office.enrol("李科长", Role.COMMISSIONER, organisation=office.root)
    stranger = await office.actor(li)
    with pytest.raises(NoSuchThing):
        await letters.letter_seen_by(stranger, letter.id)
    with pytest.raises(NotAllowed):
        await issued(office, item, wang, "urging_letter")
    assert await letters.letter_seen_by(wang, letter.id)


async def test_no_number_is_used_up_when_there_is_no_place_for_the_file(office, item, luo):
    await office.stop_working()
    await issued(office, item, luo)
    now = office.watch.now()
    for _ in range(3):
        await exports.ask_sheets([item.id], by=luo, now=now)
    with pytest.raises(TooManyExports):
        await exports.ask_new_letter(item.id, kind="urging_letter", by=luo, now=now, kinds=KINDS)
    assert not await Letter.exists(kind="urging_letter")


async def test_the_desk_issues_a_letter_and_fetches_it_as_pdf(office, item):
    desk = await office.desk_of("小陈")
    assert "出具催办函" in (await desk.get(f"/ledger/{item.id}")).text
    asked = await desk.post(f"/ledger/{item.id}/letters", {"kind": "urging_letter"})
    assert (asked.status_code, asked.headers["location"]) == (303, "/console/exports")
    export = await until(lambda: Export.get_or_none(state=ExportState.READY), seconds=40)
    letter = await Letter.get()
    file = await desk.get(f"/exports/{export.id}/file")
    assert (file.content[:5], file.headers["content-type"]) == (b"%PDF-", "application/pdf")
    assert letter.number_text in unquote(file.headers["content-disposition"])
    assert f"{letter.number_text}（PDF）" in (await desk.get("/exports")).text
    page = (await desk.get(f"/ledger/{item.id}")).text
    assert f"出具催办函，文号{letter.number_text}" in page
    assert f"/console/letters/{letter.id}" in page
