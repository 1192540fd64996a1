"""Callbacks: what WeChat sealed is opened once, everything else changes nothing."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest

from server.gateways.wechat import CallbackForged, CallbackRepeated
from server.gateways.wechat_callback import signature
from tests.fixtures_wechat import StoppedClock, a_packet, an_office

# The sample of WeChat's documentation on message push.
SAMPLE = {"appid": "wxba5fad812f8e6fb9", "callback_token": "AAAAA", "callback_aes_key": "A" * 43}
SAMPLE_QUERY = {
    "signature": "6c5c811b55cc85e0e1b54100749188c20beb3f5d",
    "timestamp": "1714112445",
    "nonce": "415670741",
    "encrypt_type": "aes",
    "msg_signature": "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
}
SAMPLE_SEALED = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVza"
    "zhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwK"
    "SqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)


@pytest.fixture
def office():
    return an_office()


# Golden values


def test_the_signature_of_the_documents_sample():
    assert signature("AAAAA", "1714036504", "1514711492") == "f464b24fc39322e44b38aa78f5edd27bd1441696"


async def test_the_sealed_sample_of_the_documents_is_opened():
    then = StoppedClock(datetime.fromtimestamp(1714112445, UTC))
    office = an_office(clock=then, **SAMPLE)
    body = json.dumps({"ToUserName": "gh_97417a04a28d", "Encrypt": SAMPLE_SEALED}).encode()
    assert await office.open_callback(SAMPLE_QUERY, body) == {
        "ToUserName": "gh_97417a04a28d",
        "FromUserName": "o9AgO5Kd5ggOC-bXrbNODIiE3bGY",
        "CreateTime": 1714112445,
        "MsgType": "event",
        "Event": "debug_demo",
        "debug_str": "hello world",
    }


async def test_the_address_proves_itself_with_the_documents_sample():
    office = an_office(clock=StoppedClock(datetime.fromtimestamp(1714036504, UTC)), **SAMPLE)
    query = {
        "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696",
        "timestamp": "1714036504",
        "nonce": "1514711492",
        "echostr": "4375120948345356249",
    }
    assert office.echo(query) == "4375120948345356249"
    with pytest.raises(CallbackForged):
        office.echo(query | {"nonce": "1514711493"})


# Genuine ones


@pytest.mark.parametrize("form", ["json", "xml"])
async def test_what_wechat_sealed_is_opened(office, form):
    query, body = a_packet({"Event": "x", "FromUserName": "openid-li", "note": "五<6&7"}, form=form)
    event = await office.open_callback(query, body)
    assert (event["Event"], event["FromUserName"], event["note"]) == ("x", "openid-li", "五<6&7")


@pytest.mark.parametrize(("late", "is_opened"), [(-300, True), (300, True), (-301, False), (301, False)])
async def test_the_window_is_five_minutes_on_both_sides(late, is_opened):
    sent_at = datetime.fromtimestamp(1_800_000_000, UTC)
    office = an_office(clock=StoppedClock(sent_at + timedelta(seconds=late)))
    query, body = a_packet(at=1_800_000_000)
    if is_opened:
        assert (await office.open_callback(query, body))["trace_id"] == "t-1"
    else:
        with pytest.raises(CallbackForged):
            await office.open_callback(query, body)


# Once only


async def test_a_replay_is_known_as_one(office):
    query, body = a_packet()
    await office.open_callback(query, body)
    with pytest.raises(CallbackRepeated):
        await office.open_callback(query, body)


async def test_of_five_copies_at_once_one_is_opened(office):
    query, body = a_packet()
    copies = await asyncio.gather(
        *(office.open_callback(query, body) for _ in range(5)), return_exceptions=True
    )
    assert sum(isinstance(copy, CallbackRepeated) for copy in copies) == 4


async def test_wechats_next_attempt_is_let_in_when_the_first_could_not_be_written_down(office):
    query, body = a_packet()
    await office.open_callback(query, body)
    await office.forget_callback(query)
    assert (await office.open_callback(query, body))["trace_id"] == "t-1"
