"""办理情况表: the facts of an item on paper, before and after, within the requester's rights."""

import re
from pathlib import Path
from uuid import uuid4

import pypdfium2 as pdfium
import pytest

from models import Export, LedgerItem, Observation, Rendition
from models.vocabulary import ExportState, LedgerState, Role
from server import exports, ledger, observations
from server.exports.item_sheets import Album, NoItems, chosen_items, sheet_of, sheets_of
from server.gateways.typesetting import TypesettingFailed, typeset
from server.kernel.refusal import NoSuchThing
from server.ledger import EvidencePhoto, NewItem
from tests.acting import act
from tests.conftest import a_picture, a_report, sha256, until
from tests.factories import registered_item

TRICKS = "#panic(1) $x$ *粗* \\ <b>“坑槽”</b>"


@pytest.fixture
async def stage(office):
    """An item from 老马's report that 王科长 has worked on and requests to close with a photo."""
    stage = type("Stage", (), {})()
    laoma = await office.phone_of("老马")
    before, after = a_picture("sienna"), a_picture("seagreen")
    await laoma.submit(a_report(before), uuid4())
    await laoma.upload(before)
    stage.chen = await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))
    phone = await office.phone_of("王科长", Role.COMMISSIONER, organisation=office.bureau)
    stage.wang, now = await office.actor(phone.person), office.watch.now()
    report = await Observation.get()
    stage.item = await observations.accept(
        report.id,
        version=report.version,
        new=NewItem(TRICKS, report.kind, summary="改革办的话"),
        by=stage.chen,
        now=now,
        send_on=observations.SendOn(office.bureau.id, days=5, commissioner_id=phone.person.id),
    )
    item = await act(ledger.acknowledge, stage.item.id, version=stage.item.version, by=stage.wang, now=now)
    item = await act(
        ledger.report_progress,
        item.id,
        version=item.version,
        percent=80,
        text="已铣刨",
        by=stage.wang,
        now=now,
    )
    proof = EvidencePhoto(sha256=sha256(after), bytes=len(after), kind="after")
    await act(
        ledger.request_close_out,
        item.id,
        version=item.version,
        text="已重铺",
        evidence=[proof],
        by=stage.wang,
        now=now,
    )
    await phone.upload(after)

    async def developed():
        return await Rendition.filter(size="large").count() == 2

    await until(developed)
    return stage


async def told(office, stage, actor):
    (item,) = await chosen_items(actor, [stage.item.id])
    album = Album(office.tools, actor)

    async def whole():
        album.pictures.clear()
        found = await sheet_of(item, album=album)
        return found if found["after"] else None

    return await until(whole), album


async def test_the_office_s_sheet_tells_the_whole_way_with_before_and_after(office, stage):
    sheet, album = await told(office, stage, stage.chen)

    assert sheet["title"] == TRICKS
    assert (sheet["summary"], sheet["state"], sheet["percent"]) == ("改革办的话", "销号审核中", "80%")
    assert sheet["unit"] == "市住房城乡建设局"
    assert [line["words"] for line in sheet["progress"]] == ["80%：已铣刨"]
    assert [line["words"] for line in sheet["verdicts"]] == ["申请销号：已重铺"]
    assert (len(sheet["before"]), len(sheet["after"])) == (1, 1)
    assert set(album.pictures) == {*sheet["before"], *sheet["after"]}
    assert all(picture.startswith(b"\xff\xd8") for picture in album.pictures.values())
    assert "老马" not in str(sheet)


async def test_a_unit_s_sheet_has_nothing_of_the_report(office, stage):
    sheet, _ = await told(office, stage, stage.wang)
    assert (sheet["before"], len(sheet["after"])) == ([], 1)
    assert "收到上报" not in str(sheet["deeds"])


async def test_sheets_are_asked_for_made_by_the_worker_and_fetched_as_pdf(office, stage):
    luo = await office.desk_of("罗主任", Role.OFFICE_LEAD)
    other = await registered_item(office, by=luo, title="第二件", kind=stage.item.kind)
    form = {f"item-{one.id}": "1" for one in (stage.item, other)}
    asked = await luo.post("/exports/sheets", form)
    assert (asked.status_code, asked.headers["location"]) == (303, "/console/exports")

    async def ready():
        return await Export.get_or_none(state=ExportState.READY)

    export = await until(ready, seconds=40)
    assert (export.kind, export.total, export.done) == ("sheets", 2, 2)
    file = await luo.get(f"/exports/{export.id}/file")
    assert file.headers["content-type"] == "application/pdf"
    assert ".pdf" in file.headers["content-disposition"]
    assert file.content.startswith(b"%PDF-")
    assert b"pdfaid:part" in file.content  # PDF/A declares itself
    assert re.search(rb"/FontName/[A-Z]{6}\+", file.content.replace(b" ", b"")) or b"/ObjStm" in file.content
    assert "办理情况表（PDF）" in (await luo.get("/exports")).text


LONG = "https://example.com/" + "very_long_word_without_any_space_" * 12
MARGINS = (28 / 25.4 * 72, (210 - 26) / 25.4 * 72)  # left and right, in points


def pages_of(pdf):
    """Yield the text of each page, and the extent of its characters from left to right, in points."""
    for page in pdfium.PdfDocument(pdf):
        text = page.get_textpage()
        boxes = [text.get_charbox(at) for at in range(text.count_chars())]
        yield text.get_text_range(), [(left, right) for left, _, right, _ in boxes if right > left]


async def test_a_character_without_a_typeface_and_an_endless_word_are_printed_inside_their_cells(
    office, stage
):
    await LedgerItem.filter(id=stage.item.id).update(
        title="坑槽✅👨\u200d👩\u200d👧已补", summary=LONG, place_name="W" * 120
    )
    pdf = await sheets_of(stage.chen, [stage.item.id], tools=office.tools)
    told = list(pages_of(pdf))
    words = "".join(text for text, _ in told).replace("\r\n", "")
    assert "坑槽□□已补" in words
    assert "U+2705" in words
    assert "U+1F468" in words
    assert "W" * 120 in words.replace("\u200b", "")
    assert min(left for _, places in told for left, _ in places) >= MARGINS[0] - 1
    assert max(right for _, places in told for _, right in places) <= MARGINS[1] + 1


async def test_an_item_whose_picture_is_broken_costs_no_other_its_sheet(office, stage):
    other = await registered_item(office, by=stage.chen, title="第二件", kind=stage.item.kind)
    for rendition in await Rendition.all():
        path = Path(office.tools.settings.data_dir) / "storage" / rendition.key
        assert path.exists()
        path.write_bytes(b"no picture")
    pdf = await sheets_of(stage.chen, [stage.item.id, other.id], tools=office.tools)
    words = "".join(text for text, _ in pages_of(pdf)).replace("\r\n", "")
    assert "照片未能排入本表" in words
    assert "第二件" in words
    assert "已铣刨" in words


async def test_nobody_prints_what_he_does_not_see_nor_nothing_nor_all(office, stage):
    stranger = await office.actor(await office.enrol("李科长", Role.COMMISSIONER, organisation=office.root))
    with pytest.raises(NoSuchThing):
        await exports.ask_sheets([stage.item.id], by=stranger, now=office.watch.now())
    with pytest.raises(NoSuchThing):
        await exports.ask_sheets([uuid4()], by=stage.chen, now=office.watch.now())
    with pytest.raises(NoItems):
        await exports.ask_sheets([], by=stage.chen, now=office.watch.now())
    with pytest.raises(NoItems):
        await exports.ask_sheets([uuid4() for _ in range(51)], by=stage.chen, now=office.watch.now())
    assert not await Export.exists()
    assert (await LedgerItem.get(id=stage.item.id)).state is LedgerState.CLOSING


async def test_a_document_that_is_wrong_or_takes_too_long_is_given_up():
    with pytest.raises(TypesettingFailed, match="panicked"):
        await typeset("#panic()", data=b"{}", pictures={})
    with pytest.raises(TypesettingFailed, match="too long"):
        await typeset("ok", data=b"{}", pictures={}, seconds=0.01)
