"""The fake WeChat answers as the real one would."""

import httpx
import pytest

from server.fake_wechat import Settings, create_app
from server.fake_wechat.loopback import loopback
from tests.fixtures_wechat import FakeWeChat
from tests.serving import served

SEND = "cgi-bin/message/subscribe/send"
LI = "openid-li"


@pytest.fixture
async def wire(fake_wechat):
    async with loopback(base_url=fake_wechat.base_url) as client:
        yield client


@pytest.fixture
async def a_small_wechat():
    """One that knows its templates and pages."""
    settings = Settings(
        callback_after=None,
        templates=frozenset({"letter", "notice"}),
        long_term=frozenset({"notice"}),
        pages=frozenset({"pages/inbox/list"}),
    )
    async with served(create_app(settings)) as base_url:
        fake = FakeWeChat(base_url, settings=settings)
        yield fake
        await fake.close()


async def sign_in(wire, code, **changes):
    settings = Settings()
    query = {"appid": settings.appid, "secret": settings.secret, "js_code": code}
    return (await wire.get("sns/jscode2session", params=query | changes)).json()


async def fetch_token(wire, **changes):
    settings = Settings()
    asked = {"grant_type": "client_credential", "appid": settings.appid, "secret": settings.secret}
    return (await wire.post("cgi-bin/stable_token", json=asked | changes)).json()


async def ask(wire, path, **asked):
    token = (await fetch_token(wire))["access_token"]
    return (await wire.post(path, params={"access_token": token}, json=asked)).json()


def a_message(**changes):
    message = {"touser": LI, "template_id": "letter", "page": "pages/inbox/list?id=1"}
    return message | {"data": {"thing1": {"value": "待签收"}}} | changes


# Codes


async def test_a_demo_code_works_any_number_of_times(wire):
    openids = [(await sign_in(wire, "demo-li"))["openid"] for _ in range(3)]
    assert openids == ["openid-demo-li"] * 3


async def test_a_demo_code_with_an_ending_works_once(wire):
    assert (await sign_in(wire, "demo-li.a"))["openid"] == "openid-demo-li"
    assert (await sign_in(wire, "demo-li.a"))["errcode"] == 40163
    assert (await sign_in(wire, "demo-li.b"))["openid"] == "openid-demo-li"


async def test_a_code_made_to_order_works_once(wire, fake_wechat):
    code = await fake_wechat.make_code("openid-wang", unionid="union-wang")
    told = await sign_in(wire, code)
    assert (told["openid"], told["unionid"]) == ("openid-wang", "union-wang")
    assert (await sign_in(wire, code))["errcode"] == 40163


@pytest.mark.parametrize(
    ("code", "errcode"), [("", 41008), ("x", 40029), ("demo-", 40029), ("demo-.1", 40029)]
)
async def test_other_codes_are_refused(wire, code, errcode):
    assert (await sign_in(wire, code))["errcode"] == errcode


async def test_strangers_may_not_ask_who_signed_in(wire):
    assert (await sign_in(wire, "demo-li", secret="x"))["errcode"] == 40125
    assert (await sign_in(wire, "demo-li", appid="x"))["errcode"] == 40013


async def test_a_phone_can_be_tried_by_hand(wire, fake_wechat):
    path = "wxa/business/getuserphonenumber"
    for _ in range(2):
        told = await ask(wire, path, code="phone-13900000001")
        assert told["phone_info"]["phoneNumber"] == "13900000001"
    assert (await ask(wire, path, code="x"))["errcode"] == 40029
    code = await fake_wechat.make_phone_code("13900000002")
    assert (await ask(wire, path, code=code))["phone_info"]["purePhoneNumber"] == "13900000002"
    assert (await ask(wire, path, code=code))["errcode"] == 40163


# Tokens


async def test_the_stable_token_stays_the_same_until_forced(wire):
    first, second = await fetch_token(wire), await fetch_token(wire)
    assert first["access_token"] == second["access_token"]
    assert 300 <= second["expires_in"] <= 7200
    forced = await fetch_token(wire, force_refresh=True)
    assert forced["access_token"] != first["access_token"]
    answer = await wire.post(SEND, params={"access_token": first["access_token"]}, json=a_message())
    assert answer.json()["errcode"] == 40001


async def test_forcing_twice_within_half_a_minute_changes_nothing(wire):
    first, second = [await fetch_token(wire, force_refresh=True) for _ in range(2)]
    assert first["access_token"] == second["access_token"]


async def test_the_old_kind_of_token_counts_apart(wire):
    settings = Settings()
    query = {"grant_type": "client_credential", "appid": settings.appid, "secret": settings.secret}
    plain = [(await wire.get("cgi-bin/token", params=query)).json()["access_token"] for _ in range(2)]
    assert len({*plain, (await fetch_token(wire))["access_token"]}) == 3


@pytest.mark.parametrize(("query", "errcode"), [({}, 41001), ({"access_token": "x"}, 40001)])
async def test_no_token_no_service(wire, query, errcode):
    assert (await wire.post(SEND, params=query, json=a_message())).json()["errcode"] == errcode


async def test_tokens_end(wire, fake_wechat):
    token = (await fetch_token(wire))["access_token"]
    await fake_wechat.expire_tokens()
    answer = await wire.post(SEND, params={"access_token": token}, json=a_message())
    assert answer.json()["errcode"] == 42001


# Messages


async def test_one_consent_is_one_message(wire, fake_wechat):
    assert (await ask(wire, SEND, **a_message()))["errcode"] == 43101
    await fake_wechat.grant(LI, "letter", 2)
    told = [(await ask(wire, SEND, **a_message()))["errcode"] for _ in range(3)]
    assert told == [0, 0, 43101]
    assert [message["touser"] for message in await fake_wechat.messages()] == [LI, LI]


async def test_consents_of_other_people_and_templates_do_not_count(wire, fake_wechat):
    await fake_wechat.grant("openid-wang", "letter")
    await fake_wechat.grant(LI, "notice")
    assert (await ask(wire, SEND, **a_message()))["errcode"] == 43101


async def test_a_spent_quota_stops_everybody(wire, fake_wechat):
    await fake_wechat.grant(LI, "letter", 5)
    await fake_wechat.set_quota(1)
    assert (await ask(wire, SEND, **a_message()))["errcode"] == 0
    assert (await ask(wire, SEND, **a_message()))["errcode"] == 45009


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"touser": "somebody"}, 40003),
        ({"template_id": ""}, 40037),
        ({"template_id": "unknown"}, 40037),
        ({"page": "/pages/inbox/list"}, 41030),
        ({"page": "pages/unknown"}, 41030),
        ({"data": {}}, 47003),
        ({"data": {"thing1": {"value": "字" * 21}}}, 47003),
        ({"data": {"thing1": {"value": "一\n二"}}}, 47003),
        ({"data": {"thing1": "待签收"}}, 47003),
        ({"data": {"character_string1": {"value": "银改办〔2026〕1号"}}}, 47003),
        ({"data": {"phrase1": {"value": "六个汉字太长"}}}, 47003),
        ({"data": {"what1": {"value": "x"}}}, 47003),
        ({"miniprogram_state": "other"}, 47003),
        ({"template_id": "notice"}, 0),
    ],
)
async def test_each_part_of_a_message_is_measured(a_small_wechat, changes, errcode):
    async with loopback(base_url=a_small_wechat.base_url) as wire:
        await a_small_wechat.grant(LI, "letter")
        assert (await ask(wire, SEND, **a_message(**changes)))["errcode"] == errcode


# Contents


@pytest.mark.parametrize(
    ("text", "suggest"), [("路灯不亮", "pass"), ("这是测试违规内容", "risky"), ("测试存疑", "review")]
)
async def test_texts_can_be_tried_by_hand(wire, text, suggest):
    told = await ask(wire, "wxa/msg_sec_check", version=2, openid=LI, scene=2, content=text)
    assert told["result"]["suggest"] == suggest


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"version": 1}, 47001),
        ({"scene": 5}, 47001),
        ({"content": ""}, 47001),
        ({"content": "长" * 2501}, 47001),
        ({"openid": "somebody"}, 40003),
        ({"openid": "openid-away"}, 61010),
    ],
)
async def test_only_the_second_version_of_the_check_is_there(wire, fake_wechat, changes, errcode):
    await fake_wechat.send_away("openid-away")
    asked = {"version": 2, "openid": LI, "scene": 2, "content": "路灯不亮"}
    assert (await ask(wire, "wxa/msg_sec_check", **asked | changes))["errcode"] == errcode


async def test_who_signs_in_again_is_there_again(wire, fake_wechat):
    await fake_wechat.send_away("openid-demo-li")
    await sign_in(wire, "demo-li")
    asked = {"version": 2, "openid": "openid-demo-li", "scene": 2, "content": "路灯不亮"}
    assert (await ask(wire, "wxa/msg_sec_check", **asked))["errcode"] == 0


# Faults and the house


async def test_a_fault_happens_as_often_as_ordered(wire, fake_wechat):
    await fake_wechat.disturb("wxa/msg_sec_check", "errcode", -1, times=2)
    asked = {"version": 2, "openid": LI, "scene": 2, "content": "路灯不亮"}
    told = [(await ask(wire, "wxa/msg_sec_check", **asked))["errcode"] for _ in range(3)]
    assert told == [-1, -1, 0]


async def test_a_share_of_calls_can_fail(wire, fake_wechat):
    await fake_wechat.disturb("cgi-bin/stable_token", "status", 502, times=1000, share=0.2)
    answers = [await wire.post("cgi-bin/stable_token", json={}) for _ in range(200)]
    assert 20 <= sum(answer.status_code == 502 for answer in answers) <= 60


async def test_a_swallowed_message_was_accepted_and_a_hanging_one_was_not(wire, fake_wechat):
    await fake_wechat.grant(LI, "letter", 2)
    for kind, accepted in [("hang", 0), ("swallow", 1)]:
        await fake_wechat.disturb(SEND, kind)
        with pytest.raises(httpx.TransportError):
            await ask(wire, SEND, **a_message())
        assert len(await fake_wechat.messages()) == accepted


async def test_a_malformed_order_is_refused(wire):
    for path, order in [("faults", {"path": "x"}), ("credits", {"openid": LI}), ("codes", {"what": 1})]:
        assert (await wire.post(f"_control/{path}", json=order)).status_code == 400


@pytest.mark.parametrize(("body", "errcode"), [(b"", 44002), (b"{", 47001), (b"[]", 47001)])
async def test_a_body_that_is_none_is_refused(wire, body, errcode):
    assert (await wire.post("cgi-bin/stable_token", content=body)).json()["errcode"] == errcode


async def test_two_fakes_in_one_process_know_nothing_of_each_other(fake_wechat, a_small_wechat):
    await fake_wechat.make_code(LI)
    code = await fake_wechat.make_code(LI)
    async with loopback(base_url=a_small_wechat.base_url) as wire:
        assert (await sign_in(wire, code))["errcode"] == 40029
