"""WeChat as the office meets it, over real HTTP against the fake one."""

import asyncio
import logging
import re
import time
from contextlib import asynccontextmanager

import httpx
import pytest

from server.gateways.redis import MemoryCache
from server.gateways.wechat import (
    CodeRefused,
    NotSeenLately,
    OurFault,
    OutcomeUnknown,
    QuotaSpent,
    ReceiverRefused,
    RiskyAccount,
    WeChatAccount,
    WeChatBusy,
    WeChatError,
)
from tests.fixtures_wechat import LI, FakeWeChat, a_wechat, tell

SEND = "cgi-bin/message/subscribe/send"
CHECK = "wxa/msg_sec_check"
TOKEN = "cgi-bin/stable_token"


# Signing in


async def test_a_code_tells_who_holds_the_phone_and_nothing_more(wechat, fake_wechat):
    code = await fake_wechat.make_code(LI, unionid="union-li")
    assert await wechat.sign_in(code) == WeChatAccount(LI, "union-li")
    assert await wechat.sign_in("demo-li") == WeChatAccount("openid-demo-li", None)


async def test_a_code_works_once(wechat, fake_wechat):
    code = await fake_wechat.make_code(LI)
    await wechat.sign_in(code)
    with pytest.raises(CodeRefused) as refused:
        await wechat.sign_in(code)
    assert refused.value.errcode == 40163


async def test_an_invented_code_is_refused(wechat):
    with pytest.raises(CodeRefused) as refused:
        await wechat.sign_in("invented")
    assert refused.value.errcode == 40029


async def test_a_barred_account_is_told_apart(wechat, fake_wechat):
    with pytest.raises(RiskyAccount):
        await wechat.sign_in(await fake_wechat.make_code(LI, errcode=40226))


async def test_signing_in_needs_no_access_token(wechat, fake_wechat):
    await wechat.sign_in("demo-li")
    assert await fake_wechat.calls(TOKEN) == 0


async def test_a_code_is_not_sent_a_second_time_after_a_silence(wechat, fake_wechat):
    await fake_wechat.disturb("sns/jscode2session", "swallow")
    with pytest.raises(OutcomeUnknown):
        await wechat.sign_in("demo-li")
    assert await fake_wechat.calls("sns/jscode2session") == 1


async def test_a_phone_number_comes_for_its_code(wechat, fake_wechat):
    code = await fake_wechat.make_phone_code("13900000001")
    assert await wechat.phone_number(code) == "13900000001"
    with pytest.raises(CodeRefused):
        await wechat.phone_number(code)


# Telling people


async def test_a_message_arrives_with_page_data_and_state(fake_wechat):
    gateway = a_wechat(fake_wechat, program_state="trial")
    await fake_wechat.grant(LI, "due-soon")
    await tell(gateway, data={"thing1": "有 1 件事项临期", "date2": "2026年11月30日"})
    [message] = await fake_wechat.messages()
    assert message["touser"] == LI
    assert message["template_id"] == "due-soon"
    assert message["page"] == "pages/ledger/show?id=1"
    assert message["data"] == {"thing1": {"value": "有 1 件事项临期"}, "date2": {"value": "2026年11月30日"}}
    assert message["miniprogram_state"] == "trial"
    await gateway.close()


async def test_one_consent_is_one_message(wechat, fake_wechat):
    await fake_wechat.grant(LI, "due-soon")
    await tell(wechat)
    with pytest.raises(ReceiverRefused) as refused:
        await tell(wechat)
    assert refused.value.errcode == 43101


@pytest.mark.parametrize(
    ("kind", "value"), [("swallow", 0), ("garbage", 0), ("hang", 0), ("status", 504), ("swallow", 30)]
)
async def test_a_message_whose_answer_was_lost_is_not_sent_again(fake_wechat, kind, value):
    gateway = a_wechat(fake_wechat, patience=0.5)
    await fake_wechat.grant(LI, "due-soon", 5)
    await fake_wechat.disturb(SEND, kind, value)
    with pytest.raises(OutcomeUnknown):
        await tell(gateway)
    assert await fake_wechat.calls(SEND) == 1
    await gateway.close()


@pytest.mark.parametrize("kind", ["swallow", "hang"])
async def test_what_is_unknown_to_us_may_have_arrived_or_not(wechat, fake_wechat, kind):
    await fake_wechat.grant(LI, "due-soon")
    await fake_wechat.disturb(SEND, kind)
    with pytest.raises(OutcomeUnknown):
        await tell(wechat)
    assert len(await fake_wechat.messages()) == (1 if kind == "swallow" else 0)


@pytest.mark.parametrize("value", [500, 502, 503, 429])
async def test_a_server_error_means_later(wechat, fake_wechat, value):
    await fake_wechat.grant(LI, "due-soon")
    await fake_wechat.disturb(SEND, "status", value)
    with pytest.raises(WeChatBusy):
        await tell(wechat)
    assert await fake_wechat.calls(SEND) == 1


async def test_when_nobody_is_there_nothing_was_sent(unused_base_url):
    gateway = await a_wechat_with_a_token(unused_base_url)
    with pytest.raises(WeChatBusy):
        await tell(gateway)
    with pytest.raises(WeChatBusy):
        await gateway.sign_in("demo-li")
    await gateway.close()


async def test_only_wechats_own_yes_is_a_yes():
    async with a_line(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}") as (base_url, heard):
        gateway = await a_wechat_with_a_token(base_url)
        with pytest.raises(OutcomeUnknown):
            await tell(gateway)
        assert "有 1 件事项临期".encode() in heard[0]
        await gateway.close()


@pytest.mark.parametrize(
    ("errcode", "meaning"),
    [
        (-1, WeChatBusy),
        (45011, WeChatBusy),
        (45009, QuotaSpent),
        (43101, ReceiverRefused),
        (40003, OurFault),
        (43107, ReceiverRefused),
        (40037, OurFault),
        (41030, OurFault),
        (47003, OurFault),
        (99999, OurFault),
        (61010, NotSeenLately),
    ],
)
async def test_each_number_has_one_meaning_and_is_not_tried_again(wechat, fake_wechat, errcode, meaning):
    await fake_wechat.grant(LI, "due-soon")
    await fake_wechat.disturb(SEND, "errcode", errcode)
    with pytest.raises(WeChatError) as error:
        await tell(wechat)
    assert type(error.value) is meaning
    assert error.value.errcode == errcode
    assert await fake_wechat.calls(SEND) == 1


async def test_a_wrong_field_is_named(wechat, fake_wechat):
    await fake_wechat.grant(LI, "due-soon")
    with pytest.raises(OurFault, match=r"data\.thing1"):
        await tell(wechat, data={"thing1": "二十一个字" * 4 + "多"})


async def test_an_empty_yes_from_a_hotels_network_is_no_yes(wechat, fake_wechat):
    await fake_wechat.disturb("sns/jscode2session", "garbage")
    with pytest.raises(OutcomeUnknown):
        await wechat.sign_in("demo-li")


# Time and silence


async def test_nobody_waits_longer_than_patience(fake_wechat):
    gateway = a_wechat(fake_wechat, patience=0.3)
    await fake_wechat.disturb("sns/jscode2session", "hang", 30)
    started = time.monotonic()
    with pytest.raises(OutcomeUnknown):
        await gateway.sign_in("demo-li")
    assert time.monotonic() - started < 1.5
    await gateway.close()


async def test_an_answer_in_drops_ends_too():
    async with a_line(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n", drops=b"{") as (base_url, _):
        gateway = a_wechat(FakeWeChat(base_url), patience=0.3)
        started = time.monotonic()
        with pytest.raises(OutcomeUnknown):
            await gateway.sign_in("demo-li")
        assert time.monotonic() - started < 1.5
        await gateway.close()


async def test_logs_and_errors_hold_no_secret_no_code_and_no_token(wechat, fake_wechat, caplog):
    caplog.set_level(logging.DEBUG)
    await wechat.sign_in("demo-li")
    token = await wechat._line._tokens.current()
    await fake_wechat.disturb(CHECK, "errcode", 40001, times=10)
    with pytest.raises(WeChatError) as error:
        await wechat.check_text("路灯不亮", openid=LI, scene=2)
    told = caplog.text + repr(error.value) + str(error.value)
    assert "jscode2session" in told
    for secret in [fake_wechat.settings.secret, "demo-li", token]:
        assert secret not in told


async def a_wechat_with_a_token(base_url):
    shelf = MemoryCache()
    await shelf.set("wechat:token:wx0000000000000fake", "token", ttl=60)
    return a_wechat(FakeWeChat(base_url), cache=shelf)


@asynccontextmanager
async def a_line(answer, *, drops=b""):
    """Somebody who gives every caller the same bytes, then drop after drop; yields (base_url, heard)."""
    heard, calls = [], set()

    async def give(reader, writer):
        calls.add(asyncio.current_task())
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(re.findall(rb"content-length: (\d+)", head.lower() + b"content-length: 0")[0])
        heard.append(head + await reader.readexactly(length))
        writer.write(answer)
        while drops and not writer.is_closing():
            writer.write(drops)
            await asyncio.sleep(0.05)
        writer.close()

    server = await asyncio.start_server(give, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", heard
    finally:
        server.close()
        for call in calls:
            call.cancel()


@pytest.fixture
async def unused_base_url():
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return str(httpx.URL(scheme="http", host="127.0.0.1", port=port))
