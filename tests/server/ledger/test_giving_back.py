"""Giving back needs a catalogue reason: for a unit's item and for the office's close-out; each is kept and counted."""

import pytest

from models import CloseOutRequest, Export, GiveBack, JournalEntry, LedgerItem, Reason
from models.vocabulary import EvidenceKind, ExportState, LedgerState, ObservationKind, ReasonUse, Role
from server import exports, ledger, reasons
from server.gateways.workbooks import read_sheet
from server.ledger import EvidencePhoto, LedgerView
from server.ledger.refusals import ReasonNotChosen
from server.reasons import NewReason
from tests.acting import act
from tests.conftest import sha256, until
from tests.factories import dispatched_item

PROOF = EvidencePhoto(sha256(b"after"), 5, EvidenceKind.DOCUMENT)


@pytest.fixture
async def luo(office):
    return await office.actor(await office.enrol("罗主任", Role.OFFICE_LEAD))


@pytest.fixture
async def wang(office):
    return await office.phone_of("王科长", Role.COMMISSIONER, organisation=office.bureau)


@pytest.fixture
async def catalogue(office, luo):
    """One reason for each of the two uses."""
    texts = {ReasonUse.GIVE_BACK: "不属于本单位职责", ReasonUse.SEND_BACK: "佐证材料不齐"}
    return {
        use: await reasons.add_reason(
            NewReason(label, f"{label}，请看后面的说明。"), use=use, by=luo, now=office.watch.now()
        )
        for use, label in texts.items()
    }


async def dispatched(office, luo, wang, *, title="路口坑槽"):
    kind = ObservationKind.HELP_REQUEST
    return await dispatched_item(office, by=luo, commissioner=wang, days=5, title=title, kind=kind)


async def closing(office, luo, wang):
    item, by, now = await dispatched(office, luo, wang), await office.actor(wang.person), office.watch.now()
    item = await act(ledger.acknowledge, item.id, version=item.version, by=by, now=now)
    item = await act(
        ledger.request_close_out, item.id, version=item.version, text="已办", evidence=[PROOF], by=by, now=now
    )
    return item


async def test_a_unit_gives_an_item_back_by_a_reason_and_keeps_its_words(office, luo, wang, catalogue):
    item, why = await dispatched(office, luo, wang), catalogue[ReasonUse.GIVE_BACK]
    seen = (await wang.get(f"/ledger-items/{item.id}")).json()
    assert [one["label"] for one in seen["causes"]] == ["不属于本单位职责"]
    body = {"version": item.version, "cause": why.code, "reason": "应由市交通局承办"}
    answer = await wang.post(
        f"/ledger-items/{item.id}/returns", json=body, headers={"idempotency-key": "a" * 16}
    )
    assert answer.status_code == 201, answer.text
    kept = await GiveBack.get()
    assert (kept.label, kept.words, kept.unit_id) == (
        "不属于本单位职责",
        "应由市交通局承办",
        office.bureau.id,
    )
    told = (await JournalEntry.get(event="ledger_item.returned")).detail["reason"]
    assert told == "不属于本单位职责，请看后面的说明。\n应由市交通局承办"


@pytest.mark.parametrize("cause", ["", "no_such_reason", "not_reform"])
async def test_without_a_reason_of_this_use_nothing_is_given_back(office, luo, wang, catalogue, cause):
    item, now = await dispatched(office, luo, wang), office.watch.now()
    by = await office.actor(wang.person)
    with pytest.raises(ReasonNotChosen):
        await act(
            ledger.give_back, item.id, version=item.version, cause=cause, reason="不归我们", by=by, now=now
        )
    assert (await LedgerItem.get(id=item.id)).state is LedgerState.DISPATCHED
    assert not await GiveBack.exists()


async def test_a_retired_reason_can_not_be_chosen(office, luo, wang, catalogue):
    item, why, now = await closing(office, luo, wang), catalogue[ReasonUse.SEND_BACK], office.watch.now()
    await reasons.add_reason(NewReason("照片看不清", "照片看不清，请重拍。"), use=why.use, by=luo, now=now)
    await reasons.retire_reason(why.id, version=1, by=luo, now=now)
    at = {"version": item.version, "by": luo, "now": now}
    with pytest.raises(ReasonNotChosen):
        await act(ledger.decide_close_out, item.id, approved=False, cause=why.code, **at)


async def test_where_the_catalogue_has_nothing_words_are_enough_and_needed(office, luo, wang):
    item, now = await closing(office, luo, wang), office.watch.now()
    with pytest.raises(ReasonNotChosen):
        await act(
            ledger.decide_close_out,
            item.id,
            approved=False,
            version=item.version,
            reply="  ",
            by=luo,
            now=now,
        )
    await act(
        ledger.decide_close_out,
        item.id,
        approved=False,
        version=item.version,
        reply="再补一张",
        by=luo,
        now=now,
    )
    assert (await CloseOutRequest.get()).reply == "再补一张"


async def test_the_desk_sends_a_close_out_back_by_a_reason_that_the_unit_reads(office, luo, wang, catalogue):
    item, desk = await closing(office, luo, wang), await office.desk_of("小陈")
    page = (await desk.get(f"/ledger/{item.id}")).text
    assert "佐证材料不齐" in page
    assert "不属于本单位职责" not in page
    form = {"version": item.version, "verdict": "refused", "reply": "补近景"}
    assert (await desk.post(f"/ledger/{item.id}/close-out-decisions", form)).status_code == 422
    form |= {"cause": catalogue[ReasonUse.SEND_BACK].code}
    assert (await desk.post(f"/ledger/{item.id}/close-out-decisions", form)).status_code == 303
    assert (await CloseOutRequest.get()).reply == "佐证材料不齐，请看后面的说明。\n补近景"

    async def told():
        titles = [one["title"] for one in (await wang.get("/inbox")).json()["items"]]
        return "销号申请被退回" in titles

    await until(told)


async def test_the_ledger_s_sheet_counts_what_was_given_back_and_why(office, luo, wang, catalogue):
    by, now = await office.actor(wang.person), office.watch.now()
    why = catalogue[ReasonUse.GIVE_BACK]
    await dispatched(office, luo, wang, title="一直在办")
    item = await dispatched(office, luo, wang)
    for _ in range(2):
        item = await act(ledger.give_back, item.id, version=item.version, cause=why.code, by=by, now=now)
        to = {"unit_id": office.bureau.id, "commissioner_id": wang.person.id}
        item = await act(ledger.dispatch, item.id, version=item.version, **to, by=luo, now=now)
    await Reason.filter(id=why.id).update(label="换了名称")

    export = await exports.ask_export(LedgerView(), by=luo, now=now)
    await until(lambda: Export.get_or_none(id=export.id, state=ExportState.READY))
    tools = office.tools
    _, content = await exports.fetch(export.id, by=luo, storage=tools.storage, keys=tools.keys, now=now)
    header, *rows = [row.cells for row in read_sheet(content)[2:]]
    first, second = [dict(zip(header, row, strict=False)) for row in rows]
    assert (first["单位退回次数"], first.get("单位退回理由")) == (0, None)
    assert (second["单位退回次数"], second["单位退回理由"]) == (2, "不属于本单位职责2次")
    assert second["销号退回次数"] == 0
