"""Waiting work on a phone: the earliest deadline first, counted, summed up in a sentence; and the lists behind it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from models import LedgerItem
from models.vocabulary import EvidenceKind, ObservationKind, Role
from server import ledger, observations
from server.kernel.clock import business_date
from server.ledger import EvidencePhoto, NewItem
from tests.acting import act
from tests.conftest import a_picture, a_report, sha256, until
from tests.factories import dispatched_item


@pytest.fixture
async def chen(office):
    return await office.phone_of("小陈", Role.OFFICE_STAFF)


@pytest.fixture
async def wang(office):
    return await office.phone_of("王科长", Role.COMMISSIONER, organisation=office.bureau)


async def an_item(office, chen, title, *, days=10, kind=ObservationKind.PROBLEM):
    """Return an item that the office has dispatched to the bureau."""
    by, now = await office.actor(chen.person), office.watch.now()
    return await dispatched_item(office, by=by, title=title, kind=kind, now=now, days=days)


async def test_a_commissioner_reads_one_sentence_instead_of_a_message_for_each_item(office, chen, wang):
    late = await an_item(office, chen, "第一件")
    await an_item(office, chen, "第三件", days=20)
    await an_item(office, chen, "第二件", days=2)
    today = business_date(office.watch.now())
    await LedgerItem.filter(id=late.id).update(due_on=today - timedelta(days=30))

    told = (await wang.get("/to-do")).json()

    assert [one["title"] for one in told["items"]] == ["第一件", "第二件", "第三件"]
    assert told["items"][0]["light"] == "red"
    assert told["total"] == 3
    assert told["words"].startswith("您有3件待办：1件已逾期，1件三个工作日内到期，3件待签收；最早一件期限")
    assert {one["key"]: one["count"] for one in told["waiting"]} == {
        "letters_to_receive": 0,
        "letters_to_reply": 0,
    }


async def test_what_is_with_the_office_is_no_work_of_ones_own(office, chen, wang):
    item = await an_item(office, chen, "路口坑槽")
    by, now = await office.actor(wang.person), office.watch.now()
    await act(ledger.acknowledge, item.id, version=item.version, by=by, now=now)
    after = EvidencePhoto(sha256(b"after"), 5, EvidenceKind.AFTER)
    asked = await LedgerItem.get(id=item.id)
    await act(
        ledger.request_close_out,
        item.id,
        version=asked.version,
        text="好了",
        evidence=[after],
        by=by,
        now=now,
    )
    told = (await wang.get("/to-do")).json()
    assert (told["words"], told["items"], told["with_office"]) == ("没有待办事项。", [], 1)


async def test_the_offices_counts_are_the_lengths_of_the_lists_behind_them(office, chen, wang):
    laoma = await office.phone_of("老马")
    await laoma.submit(a_report(), uuid4())
    item = await an_item(office, chen, "路口坑槽")
    by, now = await office.actor(wang.person), office.watch.now()
    item = await act(ledger.acknowledge, item.id, version=item.version, by=by, now=now)
    until_on = item.due_on + timedelta(days=9)
    await act(
        ledger.ask_extension, item.id, version=item.version, until_on=until_on, reason="雨季", by=by, now=now
    )
    told = (await chen.get("/to-do")).json()
    counts = {one["key"]: one["count"] for one in told["waiting"]}
    assert counts == {
        "waiting": 1,
        "overdue": 0,
        "close_out": 0,
        "extension": 1,
        "retention_asked": 0,
        "retention": 0,
        "unsolved": 0,
        "letters_to_sign": 0,
        "letters_to_decide": 0,
    }
    assert told["words"] == "有2件等您处理。"
    for key, count in counts.items():
        is_review, is_letter = key in ("waiting", "overdue"), key.startswith("letters_")
        path, name = (
            ("/reviews", "show") if is_review else ("/letters" if is_letter else "/ledger-items", "todo")
        )
        listed = (await chen.get(path, params={name: key})).json()
        assert (len(listed["items"]) if is_letter else listed["total"]) == count


async def test_a_reporter_has_nothing_to_do(office):
    laoma = await office.phone_of("老马")
    told = (await laoma.get("/to-do")).json()
    assert (told["words"], told["items"], told["waiting"]) == ("没有待办事项。", [], [])


async def test_an_item_tells_beforehand_which_evidence_it_needs_and_who_may_do_what(office, chen, wang):
    item = await an_item(office, chen, "路口坑槽")
    path = f"/ledger-items/{item.id}"
    seen = (await wang.get(path)).json()
    assert seen["open_deeds"] == ["acknowledge", "return_back"]
    assert seen["evidence_words"] == "申请销号要附：整改后照片。"
    assert seen["commissioner"] == "王科长"
    key = {"idempotency-key": str(uuid4())}
    done = await wang.post(f"{path}/acknowledgements", json={"version": seen["version"]}, headers=key)
    card = done.json()["item"]
    assert card["open_deeds"] == ["report_progress", "ask_extension", "ask_retention", "request_close_out"]
    told = {"version": card["version"], "text": "已修好", "evidence": []}
    refused = await wang.post(
        f"{path}/close-out-requests", json=told, headers={"idempotency-key": str(uuid4())}
    )
    assert refused.json()["message_zh"].startswith("还缺")


async def test_the_office_lays_the_reporters_picture_beside_the_result_and_the_unit_does_not(
    office, chen, wang
):
    laoma, picture = await office.phone_of("老马"), a_picture("green")
    client_id = uuid4()
    await laoma.submit(a_report(picture), client_id)
    await laoma.upload(picture)
    actor, now = await office.actor(chen.person), office.watch.now()

    async def shown():
        return (await laoma.get(f"/observations/{client_id}")).json()["photos"][0]["links"]

    await until(shown)
    found = await observations.reviewable(actor).get(client_id=client_id)
    item = await observations.accept(
        found.id,
        version=found.version,
        new=NewItem("路口坑槽", ObservationKind.PROBLEM),
        send_on=observations.SendOn(office.bureau.id),
        by=actor,
        now=now,
    )
    seen = (await chen.get(f"/ledger-items/{item.id}")).json()
    assert (await chen.client.get(seen["before"][0][0]["url"])).status_code == 200
    assert (await wang.get(f"/ledger-items/{item.id}")).json()["before"] == []


async def test_the_ledger_on_the_phone_is_narrowed_by_light_and_words(office, chen, wang):
    late = await an_item(office, chen, "北京路坑槽")
    await an_item(office, chen, "南薰路路灯")
    today = business_date(office.watch.now())
    await LedgerItem.filter(id=late.id).update(due_on=today - timedelta(days=30))
    red = (await wang.get("/ledger-items", params={"light": "red"})).json()
    assert ([one["title"] for one in red["items"]], red["total"]) == (["北京路坑槽"], 1)
    found = (await wang.get("/ledger-items", params={"q": "路灯"})).json()
    assert [one["title"] for one in found["items"]] == ["南薰路路灯"]


async def test_a_contact_of_the_unit_can_send_the_photos_of_his_evidence(office):
    contact = await office.phone_of("小李", Role.DEPARTMENT_CONTACT, organisation=office.bureau)
    assert (await contact.upload(a_picture("grey"))).status_code == 201


async def test_a_list_of_any_length_is_read_to_its_end_and_nothing_comes_twice(office, chen, wang):
    items = [await an_item(office, chen, f"第{number}件", days=number // 3 + 5) for number in range(7)]
    await LedgerItem.filter(id__in=[items[2].id, items[5].id]).update(due_on=None)
    whole = (await wang.get("/to-do")).json()
    assert (len(whole["items"]), whole["cursor"], whole["total"]) == (7, None, 7)
    assert [one["due_on"] for one in whole["items"]][-2:] == [None, None]
    for limit in (1, 2, 3, 6):
        seen, cursor = [], ""
        while cursor is not None:
            page = (
                await wang.get("/to-do", params={"limit": limit} | ({"cursor": cursor} if cursor else {}))
            ).json()
            assert (page["total"], page["words"]) == (7, whole["words"])
            seen += page["items"]
            cursor = page["cursor"]
        assert seen == whole["items"]
