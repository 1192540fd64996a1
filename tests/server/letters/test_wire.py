"""Letters on the wire and at the desk: keys, cursors, links, counters that equal their lists, a batch of twenty."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from models import Export, JournalEntry, Letter
from models.vocabulary import ExportState, Role
from models.vocabulary import LetterState as S
from server import letters
from server.gateways.workbooks import read_sheet
from server.kernel.clock import business_date
from server.letters import LetterToDo
from server.letters.commands import AtVersion, WithReason
from tests.conftest import until
from tests.server.letters.conftest import KINDS

BOX = r'name="(letter-[0-9a-f-]+)" value="(\d+)"'
PNG, PDF = b"\x89PNG", b"%PDF-"


@pytest.fixture
async def unit(office, desk):
    return await office.phone_of("李联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)


def keyed():
    return {"headers": {"Idempotency-Key": str(uuid4())}}


async def test_a_phone_receives_and_answers_a_letter_once_under_its_key(desk, unit):
    letter = await desk.signed()
    (line,) = (await unit.get("/letters?todo=letters_to_receive")).json()["items"]
    assert (line["id"], line["document_number"], line["state"]) == (
        str(letter.id),
        letter.number_text,
        "delivered",
    )
    assert line["reply_due_on"] == letter.reply_due_on.isoformat()
    key, body = keyed(), {"version": letter.version}
    first = await unit.post(f"/letters/{letter.id}/receipt", json=body, **key)
    again = await unit.post(f"/letters/{letter.id}/receipt", json=body, **key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["received_at"] == again.json()["received_at"]
    assert await JournalEntry.filter(event="ledger_item.letter_acknowledged").count() == 1
    stale = await unit.post(f"/letters/{letter.id}/receipt", json=body, **keyed())
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_item")
    reply = {"version": first.json()["version"], "text": "已清淤"}
    done = (await unit.post(f"/letters/{letter.id}/replies", json=reply, **keyed())).json()
    assert (done["line"]["state"], done["replies"][0]["text"]) == ("replied", "已清淤")
    assert (await unit.post(f"/letters/{letter.id}/receipt", json=body)).status_code == 400


async def test_the_pages_are_read_by_links_that_are_one_person_s_and_end(desk, unit, office):
    letter = await desk.signed()
    paper = (await unit.get(f"/letters/{letter.id}")).json()["paper"]
    line = office.client()
    page, pdf = await line.get(paper["pages"][0]), await line.get(paper["pdf"])
    assert (page.content[:4], pdf.content[:5]) == (PNG, PDF)
    other = (await desk.signed(item=await desk.late_item(title="别处"))).id
    moved = paper["pages"][0].replace(str(letter.id), str(other))
    assert (await line.get(moved)).status_code == 404
    assert (await line.get(paper["pages"][0].replace("/pages/1", "/pages/9"))).status_code == 404
    office.watch.ahead += timedelta(minutes=6)
    assert (await line.get(paper["pages"][0])).status_code == 404


async def test_lists_are_paged_and_counters_are_the_lengths_of_their_lists(desk, unit):
    for number in range(5):
        await desk.signed(item=await desk.late_item(title=f"第{number}处"))
    first = (await unit.get("/letters?limit=3")).json()
    rest = (await unit.get(f"/letters?limit=3&cursor={first['cursor']}")).json()
    ids = [one["id"] for one in first["items"] + rest["items"]]
    assert (len(first["items"]), len(rest["items"]), len(set(ids)), rest["cursor"]) == (3, 2, 5, None)
    told = {one["key"]: one["count"] for one in (await unit.get("/to-do")).json()["waiting"]}
    assert told == {"letters_to_receive": 5, "letters_to_reply": 0}
    for key, count in told.items():
        assert len((await unit.get(f"/letters?todo={key}&limit=200")).json()["items"]) == count


async def test_a_leading_official_sees_the_letters_of_his_tasks_only(desk, office, a_task):
    official = await office.phone_of("祁书记", Role.LEADING_OFFICIAL)
    await desk.signed()
    assert (await official.get("/letters")).json()["items"] == []
    a_task.leading_official_id = official.person.id
    await a_task.save()
    desk.item.task_id = a_task.id
    await desk.item.save()
    (line,) = (await official.get("/letters")).json()["items"]
    letter = await Letter.get(id=line["id"])
    body = {"version": letter.version}
    refused = await official.post(f"/letters/{letter.id}/receipt", json=body, **keyed())
    assert refused.status_code == 404, "only its addressee acknowledges a letter"
    item = await desk.late_item(title="别处", new={"task_id": a_task.id})
    notice = await desk.signed("leader_notice", item=item, reason="情况紧急")
    assert (notice.addressee, notice.unit_id) == ("祁书记同志", None)
    body = {"version": notice.version}
    read = await official.post(f"/letters/{notice.id}/receipt", json=body, **keyed())
    assert (read.status_code, read.json()["received_by"]) == (201, "祁书记")


async def test_twenty_proposals_are_drafted_sent_and_signed_together(desk, office):
    made = [desk.item] + [await desk.late_item(title=f"第{number}处") for number in range(19)]
    chen, luo = await office.desk_of("小陈"), await office.desk_of("严主任", Role.OFFICE_LEAD)
    page = (await chen.get("/letters/proposals")).text
    assert page.count("data-read checked") == 20
    await chen.post("/letters/drafts", {f"item-{one.id}": "reminder_letter" for one in made})
    page = (await chen.get("/letters/desk")).text
    boxes = dict(re.findall(BOX, page))
    assert len(boxes) == 20
    await chen.post("/letters/desk/submissions", boxes)
    boxes = dict(re.findall(BOX, (await luo.get("/letters/desk?signing=true")).text))
    assert len(boxes) == 20
    answer = await luo.post("/letters/desk/sign-offs", boxes | {next(iter(boxes)): "1"})
    assert "已签发19份" in answer.text
    assert "有1份没有签发" in answer.text
    assert await Letter.filter(state=S.DELIVERED).count() == 19
    register = (await luo.get("/letters/register?kind=reminder_letter")).text
    assert "共19份，文号连续，没有缺号。" in register


async def test_a_proposal_that_is_refused_does_not_hold_up_the_others(desk, office):
    secret = await desk.late_item(title="绝密事项")
    chen = await office.desk_of("小陈")
    kinds = {f"item-{one.id}": "reminder_letter" for one in (secret, desk.item)}
    page = (await chen.post("/letters/drafts", kinds)).text
    assert "有1份没有起草。" in page
    assert "涉密标志“绝密”" in page
    assert await Letter.all().count() == 1
    alone = await chen.post("/letters/drafts", {f"item-{secret.id}": "reminder_letter"})
    assert (alone.status_code, "涉密" in alone.text) == (422, True)


async def test_a_unit_learns_nothing_of_how_a_letter_came_about(desk, unit, office):
    draft = await desk.submitted("supervision_letter", reason="群众来信反映")
    back = WithReason(version=draft.version, reason="语气再重一些")
    draft = await letters.send_back(draft.id, back, by=desk.luo, now=desk.now, kinds=KINDS)
    again = AtVersion(version=draft.version)
    letter = await desk.sign(await letters.submit(draft.id, again, by=desk.chen, now=desk.now, kinds=KINDS))
    contact = await office.desk_of("周联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    luo = await office.desk_of("严主任", Role.OFFICE_LEAD)
    own, theirs = [(await one.get(f"/letters/{letter.id}")).text for one in (luo, contact)]
    for words in ("群众来信反映", "语气再重一些", desk.chen.person.designation):
        assert words in own
        assert words not in theirs
        assert words not in (await unit.get(f"/letters/{letter.id}")).text
        assert words not in (await contact.get(f"/ledger/{desk.item.id}")).text


ROW = re.compile(
    r'<td class="nowrap number-text"><a[^>]*>([^<]+)</a></td><td>([^<]+)</td><td data-label="主送">([^<]+)'
)


async def test_the_register_goes_out_as_a_sheet_that_equals_its_page(desk, office):
    await desk.void(await desk.signed(), reason="主送单位有误")
    await desk.acknowledge(await desk.signed(item=await desk.late_item(title="别处")))
    await desk.submitted(item=await desk.late_item(title="还没有签发"))
    luo = await office.desk_of("严主任", Role.OFFICE_LEAD)
    page = (await luo.get("/letters/register?kind=reminder_letter")).text
    shown = ROW.findall(page)
    assert [number for number, _, _ in shown] == ["改提〔2026〕1号", "改提〔2026〕2号"]
    await luo.post("/exports/letters", {"kind": "reminder_letter", "year": str(business_date(desk.now).year)})
    export = await until(lambda: Export.get_or_none(state=ExportState.READY))
    file = await luo.get(f"/exports/{export.id}/file")
    sheet = [[str(one or "") for one in row.cells] for row in read_sheet(file.content)]
    head = next(row for row in sheet if "文号" in row)
    rows = [dict(zip(head, row, strict=False)) for row in sheet[sheet.index(head) + 1 :]]
    assert [(one["文号"], one["标题"], one["主送"]) for one in rows] == shown
    assert [(one["状态"], one["作废理由"], one["签收人"]) for one in rows] == [
        ("已作废", "主送单位有误", ""),
        ("已签收", "", "王科长"),
    ]


async def test_a_unit_has_no_register_in_which_the_others_letters_would_be_gaps(desk, office):
    await desk.signed()
    contact = await office.desk_of("周联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    assert "发文登记簿" not in (await contact.get("/letters")).text
    assert (await contact.get("/letters/register")).status_code == 403
    assert (await contact.post("/exports/letters", {})).status_code == 403


async def test_the_desk_counts_what_its_lists_hold(desk, office):
    await desk.submitted()
    await desk.replied(item=await desk.late_item(title="别处"))
    luo = await office.desk_of("严主任", Role.OFFICE_LEAD)
    page = (await luo.get("/letters")).text
    for what in (LetterToDo.SIGN, LetterToDo.DECIDE):
        assert f"{what.label} <b>1</b>" in page
        assert 'id="total">1<' in (await luo.get(f"/letters?todo={what.value}")).text


async def test_a_letter_s_page_offers_only_what_its_reader_may_do(desk, office):
    letter = await desk.submitted()
    chen, luo = await office.desk_of("小高"), await office.desk_of("严主任", Role.OFFICE_LEAD)
    own, signer = [(await one.get(f"/letters/{letter.id}")).text for one in (chen, luo)]
    assert "/sign-off" not in own
    assert "/sign-off" in signer
    done = await luo.post(f"/letters/{letter.id}/sign-off", {"version": letter.version})
    assert done.status_code == 303
    assert (await Letter.get(id=letter.id)).number == 1
    assert (
        f"出具提醒函，文号{(await Letter.get(id=letter.id)).number_text}"
        in (await luo.get(f"/ledger/{desk.item.id}")).text
    )
