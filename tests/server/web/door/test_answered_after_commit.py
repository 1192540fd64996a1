"""A keyed command is committed before it is answered, and each retry is answered with the current state."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest
from tortoise import connections

from models import IdempotencyKey, JournalEntry, LedgerItem, Organisation, ThreadMessage
from models.vocabulary import OrganisationKind, Role
from server import ledger, people
from server.web.door.idempotency import _place
from tests.acting import act
from tests.conftest import a_report, until
from tests.factories import dispatched_item

KEY = {"idempotency-key": "one-key-of-the-phone"}
WRITTEN = """
SELECT j.cmin::text::int > k.cmin::text::int AS journal_is_last, j.xmin = k.xmin AS together
FROM journal_entry j, idempotency_key k WHERE j.deed = 'problem.followed_up'
"""


@pytest.fixture
async def liu(office):
    return await office.phone_of("刘联络员", Role.DEPARTMENT_CONTACT, organisation=office.bureau)


@pytest.fixture
async def luo(office):
    return await office.actor(await office.enrol("罗主任", Role.OFFICE_LEAD))


@pytest.fixture
async def problem(liu):
    """A problem of the person's bank, at version 1."""
    taken = await liu.post(
        "/problems", json={"title": "审批环节多"}, headers={"idempotency-key": uuid4().hex}
    )
    assert taken.status_code == 201, taken.text
    await IdempotencyKey.all().delete()
    return f"/problems/{taken.json()['line']['id']}"


@pytest.fixture
async def item(office, luo):
    """An item dispatched to the housing bureau."""
    return await dispatched_item(office, by=luo, days=5)


async def followed_up() -> int:
    return await JournalEntry.filter(event="problem.followed_up").count()


async def test_it_is_done_before_it_is_answered_and_the_retry_is_told(liu, problem, database_url):
    path, body = f"{problem}/follow-ups", {"version": 1, "text": "已会商一次"}
    line = await asyncpg.connect(database_url)
    async with line.transaction():  # the card can't be read, whatever the command may do
        await line.execute("LOCK TABLE agenda_entry IN ACCESS EXCLUSIVE MODE")
        lost = asyncio.create_task(liu.post(path, json=body, headers=KEY))
        assert await until(followed_up) == 1
        assert not lost.done()
        lost.cancel()  # the phone hangs up before any answer
    await line.close()
    again = await liu.post(path, json=body, headers=KEY)
    assert (again.status_code, again.json()["version"]) == (201, 2)
    assert await followed_up() == 1


async def test_the_journal_is_the_last_that_a_transaction_writes(liu, problem):
    body = {"version": 1, "text": "已会商一次"}
    assert (await liu.post(f"{problem}/follow-ups", json=body, headers=KEY)).status_code == 201
    (row,) = await connections.get("default").execute_query_dict(WRITTEN)
    assert row == {"journal_is_last": True, "together": True}


async def test_of_parallel_tries_one_does_it_and_all_are_told_the_same(office):
    laoma = await office.phone_of("老马")
    client_id = str(uuid4())
    await laoma.submit(a_report(), client_id)
    path, body = f"/observations/{client_id}/messages", {"text": "路灯又坏了"}
    answers = await asyncio.gather(*(laoma.post(path, json=body, headers=KEY) for _ in range(6)))
    assert {(one.status_code, one.content) for one in answers} == {(201, answers[0].content)}
    assert await ThreadMessage.all().count() == 1


async def test_another_body_under_the_same_key_is_refused(liu, problem):
    body = {"version": 1, "text": "已会商一次"}
    await liu.post(f"{problem}/follow-ups", json=body, headers=KEY)
    other = await liu.post(f"{problem}/follow-ups", json=body | {"text": "会商两次"}, headers=KEY)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert await followed_up() == 1


async def test_a_refusal_is_not_remembered(liu, problem):
    late = await liu.post(f"{problem}/follow-ups", json={"version": 2, "text": "会商"}, headers=KEY)
    assert (late.status_code, late.json()["code"]) == (409, "stale_item")
    assert not await IdempotencyKey.exists()
    right = await liu.post(f"{problem}/follow-ups", json={"version": 1, "text": "会商"}, headers=KEY)
    assert right.status_code == 201


async def test_a_retry_sees_the_item_as_it_is_now(liu, item):
    path, body = f"/ledger-items/{item.id}/acknowledgements", {"version": item.version}
    first = await liu.post(path, json=body, headers=KEY)
    await LedgerItem.filter(id=item.id).update(title="路口坑槽（改）")
    again = await liu.post(path, json=body, headers=KEY)
    assert (first.json()["item"]["title"], again.json()["item"]["title"]) == ("路口坑槽", "路口坑槽（改）")
    assert again.status_code == 201


async def test_who_may_not_see_it_any_more_is_told_that_it_was_done(office, luo, liu, item):
    path, body = f"/ledger-items/{item.id}/acknowledgements", {"version": item.version}
    version = (await liu.post(path, json=body, headers=KEY)).json()["item"]["version"]
    other = await another_unit(office)
    await act(ledger.transfer, item.id, version=version, unit_id=other.id, reason="归它管", by=luo)
    again = await liu.post(path, json=body, headers=KEY)
    told = again.json()
    assert (again.status_code, told["code"], told["retry"]) == (404, "no_such_thing", "never")
    assert told["message_zh"] == "已经办好，但这件事现在不在您的查看范围内。"
    assert "归它管" not in again.text


async def test_an_item_given_back_is_told_as_its_unit_saw_it_last(office, luo, liu, item):
    path, body = f"/ledger-items/{item.id}/returns", {"version": item.version, "reason": "不归我们管"}
    first = await liu.post(path, json=body, headers=KEY)
    told = first.json()["item"]
    assert (first.status_code, told["state"], told["lead_unit"], told["open_deeds"]) == (
        201,
        "registered",
        None,
        [],
    )
    assert "不归我们管" in told["timeline"][-1]["words"]
    other = await another_unit(office)
    await act(ledger.dispatch, item.id, version=told["version"], unit_id=other.id, days=5, by=luo)
    again = await liu.post(path, json=body, headers=KEY)
    assert (again.status_code, again.json()) == (201, first.json())


async def test_what_an_earlier_version_kept_is_told_in_words(office, liu, problem):
    path, body = f"{problem}/follow-ups", {"version": 1, "text": "已会商一次"}
    await liu.post(path, json=body, headers=KEY)
    kept = await IdempotencyKey.get()
    kept.answer_sealed = office.tools.keys.seal('201 {"line":{}}', bound_to=_place(kept.scope))
    await kept.save()
    again = await liu.post(path, json=body, headers=KEY)
    assert (again.status_code, again.json()["message_zh"]) == (422, "这个操作已经办好。")


async def another_unit(office) -> Organisation:
    return await people.add_organisation(
        "市城市管理局", code="city", kind=OrganisationKind.RESPONSIBLE_UNIT, by=None, parent=office.root
    )
