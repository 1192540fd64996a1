"""WeChat's callbacks: a genuine one counts once, and everything else changes nothing."""

import asyncio
import base64
import json
import random
import time

import asyncpg
import pytest

from models import ContentCheck
from models.vocabulary import ContentKind
from models.vocabulary import ContentState as S
from server.fake_wechat import Settings
from server.fake_wechat.callbacks import sign
from tests.conftest import a_picture
from tests.fixtures_wechat import a_packet, a_packet_around
from tests.server.moderation.acting import asked_photo, everything, photo_in, reported, text_in, waited
from tests.serving import SETTINGS

PATH = "/wechat/callback"
BOMB = """<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<xml><Encrypt>&c;</Encrypt></xml>"""


@pytest.fixture
async def pending(laoma):
    """A check that waits for WeChat's verdict on a photo."""
    report = await reported(laoma, a_picture())
    await text_in(report, S.PASS)
    return await asked_photo(report)


@pytest.fixture
def wechat_calls(office):
    """Post what is given to our callback address, as WeChat's machines do."""
    client = office.client()

    async def call(query, body):
        return await client.post(PATH, params=query, content=body)

    return call


def told(trace_id, suggest="risky", **more):
    event = {"Event": "wxa_media_check", "appid": SETTINGS.appid, "trace_id": trace_id, "errcode": 0}
    return event | {"result": {"suggest": suggest, "label": 20002}} | more


async def test_the_address_proves_itself(fake_wechat, office):
    assert await fake_wechat.verify_callback()


async def test_a_genuine_verdict_is_answered_within_a_second(wechat_calls, pending):
    began = time.monotonic()
    answer = await wechat_calls(*a_packet(told(pending.trace_id)))
    assert (answer.status_code, answer.text) == (200, "success")
    assert time.monotonic() - began < 1
    assert (await ContentCheck.get(id=pending.id)).state is S.RISKY


async def test_the_same_call_three_times_has_one_effect(wechat_calls, pending):
    packet = a_packet(told(pending.trace_id))
    answers = [await wechat_calls(*packet)]
    after = await everything()
    answers += [await wechat_calls(*packet) for _ in range(2)]
    assert {(answer.status_code, answer.text) for answer in answers} == {(200, "success")}
    assert await everything() == after


async def test_the_same_verdict_in_three_different_calls_has_one_effect(wechat_calls, pending):
    """Two processes without a Redis don't know of each other's calls: the check itself must not depend on that."""
    for suggest in ("risky", "pass", "review"):
        assert (await wechat_calls(*a_packet(told(pending.trace_id, suggest)))).text == "success"
    check = await ContentCheck.get(id=pending.id)
    assert (check.state, check.version) == (S.RISKY, 2)


async def give_up_waiting_for(line):
    """End the wait for what this connection has locked, as statement_timeout does."""
    blocked = "FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    async with asyncio.timeout(60):
        while not await line.fetch(f"SELECT pg_cancel_backend(pid) {blocked}"):
            await asyncio.sleep(0.02)


async def test_a_call_that_could_not_be_written_down_is_let_in_again(wechat_calls, pending, database_url):
    packet = a_packet(told(pending.trace_id))
    intruder = await asyncpg.connect(database_url)
    try:
        async with intruder.transaction():
            await intruder.execute("SELECT 1 FROM content_check WHERE id = $1 FOR UPDATE", pending.id)
            calling = asyncio.create_task(wechat_calls(*packet))
            await give_up_waiting_for(intruder)
            assert (await calling).status_code == 503
    finally:
        await intruder.close()
    assert (await wechat_calls(*packet)).text == "success"
    assert (await ContentCheck.get(id=pending.id)).state is S.RISKY


# Genuine calls that concern no pending check


@pytest.mark.parametrize(
    "event",
    [
        told("somebody-elses-trace"),
        told(""),
        told("无此编号" * 50),
        told("\0"),
        {"Event": "wxa_media_check"},
        {"Event": "subscribe_msg_sent_event", "trace_id": "PENDING"},
        {"Event": ["wxa_media_check"], "trace_id": "PENDING"},
        {"MsgType": "text", "Content": "你好"},
    ],
)
async def test_a_genuine_call_about_something_else_changes_nothing(wechat_calls, pending, event):
    before = await everything()
    event = {name: pending.trace_id if value == "PENDING" else value for name, value in event.items()}
    answer = await wechat_calls(*a_packet(event))
    assert (answer.status_code, answer.text) == (200, "success")
    assert await everything() == before


async def test_a_verdict_on_a_check_that_was_answered_changes_nothing(wechat_calls, pending):
    await wechat_calls(*a_packet(told(pending.trace_id, "risky")))
    before = await everything()
    await wechat_calls(*a_packet(told(pending.trace_id, "pass")))
    assert await everything() == before


async def test_a_trace_never_closes_the_check_of_a_text(wechat_calls, fake_wechat, office, laoma, pending):
    with pytest.raises(Exception, match="content_check_only_photos_are_traced"):
        await ContentCheck.filter(kind=ContentKind.TEXT).update(trace_id="t-1")


async def test_a_label_of_five_thousand_digits_is_a_verdict_without_a_label(wechat_calls, pending):
    result = {"suggest": "risky", "label": "9" * 5000}
    answer = await wechat_calls(*a_packet(told(pending.trace_id, result=result)))
    assert (answer.status_code, answer.text) == (200, "success")
    check = await ContentCheck.get(id=pending.id)
    assert (check.state, check.label) == (S.RISKY, 0)


async def test_a_result_that_cannot_be_read_is_no_pass(wechat_calls, pending):
    await wechat_calls(*a_packet(told(pending.trace_id, result="pass")))
    assert (await ContentCheck.get(id=pending.id)).state is S.REVIEW


# Forged, replayed, swapped


def forgeries(trace_id):
    """Yield (name, query, body): what somebody without our keys, or with an old packet, could send."""
    query, body = a_packet(told(trace_id, "pass"))
    _, other_body = a_packet(told("t-2", "pass"))
    plain = {name: query[name] for name in ("signature", "timestamp", "nonce")}
    plain_body = json.dumps(told(trace_id, "pass")).encode()
    now = int(time.time())
    yield "no signature", {}, body
    yield "plain mode", plain, plain_body
    yield "plain body under a plain signature", query | plain, plain_body
    yield "the plain signature as the other", query | {"msg_signature": query["signature"]}, body
    yield "raw mode", query | {"encrypt_type": "raw"}, body
    yield "body swapped", query, other_body
    yield "plain fields in an empty envelope", query, plain_body
    for late in (-301, -3600, 301, 86_400):
        yield f"replayed after {late} s", *a_packet(told(trace_id, "pass"), at=now + late)
    yield "another mini-program", *a_packet(told(trace_id), settings=Settings(appid="wx_another"))
    yield "about another mini-program", *a_packet(told(trace_id, appid="wx_another"))
    yield "another key", *a_packet(told(trace_id), settings=Settings(callback_aes_key="B" * 43))
    yield "another token", *a_packet(told(trace_id), settings=Settings(callback_token="other"))
    yield "bomb", query, BOMB.encode()
    yield "bomb under a genuine seal", *a_packet_around(BOMB)
    yield "file from this machine", query, b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>'
    yield "deep", query, b"[" * 60_000
    yield "empty", query, b""
    yield from altered(query, body)
    yield from rubbish()


def altered(query, body):
    """Yield a genuine call with one character changed, in each of its parts."""
    dice = random.Random(15)
    for name in ("timestamp", "nonce", "msg_signature"):
        for _ in range(20):
            place = dice.randrange(len(query[name]))
            changed = dice.choice([one for one in "0123456789" if one != query[name][place]])
            yield (
                f"{name} altered",
                query | {name: query[name][:place] + changed + query[name][place + 1 :]},
                body,
            )
    start = body.index(b'"Encrypt"') + 12
    for _ in range(40):
        forged = bytearray(body)
        place = dice.randrange(start, len(body) - 4)
        forged[place] = ord("A") if forged[place] != ord("A") else ord("B")
        yield "seal altered", query, bytes(forged)


def rubbish():
    """Yield calls signed by somebody who knows the token but not the key."""
    dice = random.Random(7)
    for length in (0, 1, 15, 16, 32, 64, *(dice.randrange(400) for _ in range(20))):
        sealed = base64.b64encode(dice.randbytes(length)).decode()
        at = str(int(time.time()))
        signed = sign(SETTINGS.callback_token, at, "1", sealed)
        query = {"timestamp": at, "nonce": "1", "encrypt_type": "aes", "msg_signature": signed}
        yield "rubbish under a signature", query, json.dumps({"Encrypt": sealed}).encode()


async def test_a_hundred_and_forty_forgeries_change_nothing(wechat_calls, pending):
    before, count = await everything(), 0
    for name, query, body in forgeries(pending.trace_id):
        answer = await wechat_calls(query, body)
        assert (name, answer.status_code, answer.json()["code"]) == (name, 400, "not_from_we_chat")
        count += 1
    assert count >= 140
    assert await everything() == before

    assert (await wechat_calls(*a_packet(told(pending.trace_id)))).text == "success"
    assert await everything() != before


async def test_an_unproven_address_question_is_not_echoed(office):
    answer = await office.client().get(PATH, params={"echostr": "<script>", "signature": "0" * 40})
    assert answer.status_code == 400
    assert "<script>" not in answer.text


async def test_a_body_beyond_all_measure_is_refused_at_the_door(wechat_calls, pending):
    query, _ = a_packet(told(pending.trace_id))
    assert (await wechat_calls(query, b"{" + b" " * 100_000)).status_code == 413


async def test_a_verdict_grants_nothing_but_the_end_of_its_check(wechat_calls, office, laoma, pending):
    await wechat_calls(*a_packet(told(pending.trace_id, "pass")))
    await waited(office, minutes=5)
    states = {check["kind"]: check["state"] for check in await everything()}
    assert states == {ContentKind.TEXT: S.PASS, ContentKind.PHOTO: S.PASS}
    assert (await photo_in(await reported(laoma, a_picture("red")), S.PENDING)).state is S.PENDING
