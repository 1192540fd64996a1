"""A commissioner gets a matter, works on it and requests its close-out; the office decides; the reporter re-checks."""

from datetime import timedelta
from uuid import uuid4

import pytest

from models import IdempotencyKey, JournalEntry, LedgerItem
from models.vocabulary import ObservationKind, Role
from server import observations
from server.ledger import NewItem
from tests.conftest import a_picture, a_report, sha256, until


@pytest.fixture
async def cast(office):
    """老马's registered report; 小陈, 罗主任 and 王科长 on their phones."""
    cast = type("Cast", (), {})()
    cast.laoma = await office.phone_of("老马")
    cast.chen = await office.phone_of("小陈", Role.OFFICE_STAFF)
    cast.luo = await office.phone_of("罗主任", Role.OFFICE_LEAD)
    cast.wang = await office.phone_of("王科长", Role.COMMISSIONER, organisation=office.bureau)
    cast.client_id = uuid4()
    await cast.laoma.submit(a_report(), cast.client_id)
    actor = await office.actor(cast.chen.person)
    (waiting,) = await observations.queue(actor)
    cast.item = await observations.accept(
        waiting.id,
        version=1,
        new=NewItem("路口坑槽", ObservationKind.PROBLEM),
        by=actor,
        now=office.watch.now(),
    )
    return cast


async def do(phone, item, noun, *, key=None, **body):
    fresh = await LedgerItem.get(id=item.id)
    return await phone.post(
        f"/ledger-items/{item.id}/{noun}",
        json={"version": fresh.version} | body,
        headers={"Idempotency-Key": key or uuid4().hex},
    )


async def inbox_titles(phone, wanted):
    async def look():
        titles = [line["title"] for line in (await phone.get("/inbox")).json()["items"]]
        return titles if wanted in titles else None

    return await until(look)


async def test_the_whole_way_on_phones(office, cast):
    sent = await do(cast.chen, cast.item, "dispatches", unit_id=str(office.bureau.id), days=10)
    assert sent.status_code == 201, sent.text
    assert "请签收分办事项" in await inbox_titles(cast.wang, "请签收分办事项")

    signed = await do(cast.wang, cast.item, "acknowledgements")
    assert signed.json()["item"]["state_label"] == "办理中"
    assert signed.json()["item"]["evidence_needed"] == ["after"]

    after = a_picture("grey")
    asked = await do(
        cast.wang,
        cast.item,
        "close-out-requests",
        text="已修补",
        evidence=[{"sha256": sha256(after), "bytes": len(after), "kind": "after"}],
    )
    assert (asked.status_code, asked.json()["missing"]) == (201, [sha256(after)])
    assert (await cast.wang.upload(after)).status_code == 201

    async def shown():
        card = (await cast.luo.get(f"/ledger-items/{cast.item.id}")).json()
        (handed_in,) = card["evidence"]
        return handed_in["photos"] and handed_in["photos"][0]["links"] and handed_in

    proof = await until(shown)
    assert (proof["words"], proof["photos"][0]["kind"]) == ("已修补", "after")
    picture = await cast.luo.client.get(proof["photos"][0]["links"][0]["url"])
    assert picture.headers["content-type"] == "image/jpeg"

    closed = await do(cast.luo, cast.item, "close-out-decisions", approved=True, reply="现场已核")
    assert closed.json()["item"]["state_label"] == "已销号"
    await inbox_titles(cast.laoma, "您反映的问题已整改，请看一眼")

    seen = {"answer": "unsolved", "text": "雨后又塌了"}
    recheck = await cast.laoma.put(f"/observations/{cast.client_id}/recheck", json=seen)
    again = await cast.laoma.put(f"/observations/{cast.client_id}/recheck", json=seen)
    assert recheck.status_code == 200, recheck.text
    assert again.json() == recheck.json()
    assert (await LedgerItem.get(id=cast.item.id)).needs_review_since is not None


async def test_a_deed_sent_twice_under_one_key_is_done_once(office, cast):
    key, body = uuid4().hex, {"version": 1, "unit_id": str(office.bureau.id)}
    path = f"/ledger-items/{cast.item.id}/dispatches"
    first = await cast.chen.post(path, json=body, headers={"Idempotency-Key": key})
    again = await cast.chen.post(path, json=body, headers={"Idempotency-Key": key})

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert await JournalEntry.filter(event="ledger_item.dispatched").count() == 1


async def test_one_key_with_two_bodies_is_refused(office, cast):
    key, unit = uuid4().hex, str(office.bureau.id)
    path = f"/ledger-items/{cast.item.id}/dispatches"
    await cast.chen.post(path, json={"version": 1, "unit_id": unit}, headers={"Idempotency-Key": key})
    other = await cast.chen.post(
        path, json={"version": 1, "unit_id": unit, "days": 9}, headers={"Idempotency-Key": key}
    )
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


async def test_a_refused_deed_is_not_remembered(office, cast):
    key = uuid4().hex
    refused = await do(cast.chen, cast.item, "dispatches", key=key, unit_id=str(office.root.id))
    assert (refused.status_code, refused.json()["code"]) == (422, "not_a_unit")
    assert not await IdempotencyKey.exists()
    mended = await do(cast.chen, cast.item, "dispatches", key=key, unit_id=str(office.bureau.id))
    assert mended.status_code == 201


@pytest.mark.parametrize("key", [None, "short", "字" * 12])
async def test_a_deed_without_a_usable_key_is_refused(office, cast, key):
    headers = {"Idempotency-Key": key.encode()} if key else {}
    answer = await cast.chen.post(
        f"/ledger-items/{cast.item.id}/dispatches",
        json={"version": 1, "unit_id": str(office.bureau.id)},
        headers=headers,
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "key_missing")


async def test_a_stale_version_is_refused_with_the_legal_steps(office, cast):
    await do(cast.chen, cast.item, "dispatches", unit_id=str(office.bureau.id))
    stale = await cast.chen.post(
        f"/ledger-items/{cast.item.id}/voidings",
        json={"version": 1, "reason": "误挂"},
        headers={"Idempotency-Key": uuid4().hex},
    )
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_item")
    assert stale.json()["legal"] == ["acknowledge", "return_back", "merge"]


async def test_a_wrong_step_is_refused_with_the_legal_ones(cast):
    wrong = await do(cast.chen, cast.item, "close-out-decisions", approved=True)
    assert (wrong.status_code, wrong.json()["code"]) == (409, "wrong_step")
    assert wrong.json()["legal"] == ["dispatch", "merge", "void"]


async def test_who_gives_an_item_back_gets_his_answer_and_then_sees_it_no_more(office, cast):
    await do(cast.chen, cast.item, "dispatches", unit_id=str(office.bureau.id))
    given = await do(cast.wang, cast.item, "returns", reason="不属于本单位")
    assert (given.status_code, given.json()["item"]["state"]) == (201, "registered")
    assert (await cast.wang.get(f"/ledger-items/{cast.item.id}")).status_code == 404


async def test_the_light_and_its_reason_are_on_the_card(office, cast):
    await do(cast.chen, cast.item, "dispatches", unit_id=str(office.bureau.id), days=2)
    office.watch.ahead = timedelta(days=20)
    card = (await cast.chen.get(f"/ledger-items/{cast.item.id}")).json()
    assert card["light"] == "red"
    assert "已逾期" in card["light_words"]


async def test_anothers_recheck_is_as_missing_as_none(office, cast):
    zhou = await office.phone_of("周师傅")
    refused = await zhou.put(f"/observations/{cast.client_id}/recheck", json={"answer": "solved"})
    assert (refused.status_code, refused.json()["code"]) == (404, "no_such_thing")
