"""The access token: fetched once for all, renewed once when refused, never in a circle."""

import asyncio

import pytest

from server.gateways.redis import MemoryCache
from server.gateways.wechat import OurFault, TokenRefused, WeChatBusy
from tests.fixtures_wechat import LI, FakeWeChat, a_wechat, tell

CHECK = "wxa/msg_sec_check"
TOKEN = "cgi-bin/stable_token"


async def test_twenty_at_once_fetch_one_token(wechat, fake_wechat):
    await asyncio.gather(*(wechat.check_text("路灯不亮", openid=LI, scene=2) for _ in range(20)))
    assert await fake_wechat.calls(TOKEN) == 1
    assert await fake_wechat.calls(CHECK) == 20


async def test_an_expired_token_is_renewed_once_and_the_call_repeated_once(wechat, fake_wechat):
    await wechat.check_text("路灯不亮", openid=LI, scene=2)
    await fake_wechat.expire_tokens()
    assert (await wechat.check_text("路灯不亮", openid=LI, scene=2)).suggest == "pass"
    assert await fake_wechat.calls(TOKEN) == 2
    assert await fake_wechat.calls(CHECK) == 3


async def test_many_calls_that_meet_an_expired_token_renew_it_once(wechat, fake_wechat):
    await wechat.check_text("路灯不亮", openid=LI, scene=2)
    await fake_wechat.expire_tokens()
    await asyncio.gather(*(wechat.check_text("路灯不亮", openid=LI, scene=2) for _ in range(20)))
    assert await fake_wechat.calls(TOKEN) == 2


async def test_a_message_is_sent_after_its_token_was_renewed(wechat, fake_wechat):
    await fake_wechat.grant(LI, "due-soon", 2)
    await tell(wechat)
    await fake_wechat.expire_tokens()
    await tell(wechat)
    assert len(await fake_wechat.messages()) == 2


async def test_a_fresh_token_that_is_refused_ends_the_attempt(wechat, fake_wechat):
    await fake_wechat.disturb(CHECK, "errcode", 40001, times=100)
    with pytest.raises(TokenRefused) as refused:
        await wechat.check_text("路灯不亮", openid=LI, scene=2)
    assert isinstance(refused.value, WeChatBusy)
    assert await fake_wechat.calls(CHECK) == 2
    # One fetch, one in the normal mode that brought the same token, one forced.
    assert await fake_wechat.calls(TOKEN) == 3


async def test_an_outage_does_not_spend_the_forced_renewals_of_a_day(wechat, fake_wechat):
    await fake_wechat.disturb(CHECK, "errcode", 40001, times=1000)
    for _ in range(10):
        with pytest.raises(TokenRefused):
            await wechat.check_text("路灯不亮", openid=LI, scene=2)
    # Ten times the normal mode, one first fetch, and only one by force.
    assert await fake_wechat.calls(TOKEN) == 12


async def test_two_processes_with_one_shelf_share_one_token(fake_wechat):
    shelf = MemoryCache()
    here, there = a_wechat(fake_wechat, cache=shelf), a_wechat(fake_wechat, cache=shelf)
    await here.check_text("a", openid=LI, scene=2)
    await there.check_text("a", openid=LI, scene=2)
    assert await fake_wechat.calls(TOKEN) == 1
    await here.close()
    await there.close()


async def test_when_the_token_does_not_come_nothing_was_sent(wechat, fake_wechat):
    await fake_wechat.grant(LI, "due-soon")
    await fake_wechat.disturb(TOKEN, "swallow")
    with pytest.raises(WeChatBusy):
        await tell(wechat)
    assert await fake_wechat.messages() == []


async def test_a_spent_quota_of_tokens_is_not_the_quota_of_messages(wechat, fake_wechat):
    await fake_wechat.grant(LI, "due-soon")
    await fake_wechat.disturb(TOKEN, "errcode", 45009)
    with pytest.raises(WeChatBusy):
        await tell(wechat)
    await tell(wechat)


async def test_a_token_is_left_before_its_end(fake_wechat):
    now = [0.0]
    gateway = a_wechat(fake_wechat, cache=MemoryCache(clock=lambda: now[0]))
    for now[0], fetched in [(0, 1), (6479, 1), (6481, 2)]:
        await gateway.check_text("路灯不亮", openid=LI, scene=2)
        assert await fake_wechat.calls(TOKEN) == fetched
    await gateway.close()


async def test_a_refused_secret_at_the_sign_in_is_our_fault(wechat, fake_wechat):
    await fake_wechat.disturb("sns/jscode2session", "errcode", 40001)
    with pytest.raises(OurFault):
        await wechat.sign_in("demo-li")
    assert await fake_wechat.calls("sns/jscode2session") == 1


async def test_a_wrong_secret_is_our_fault(fake_wechat):
    gateway = a_wechat(FakeWeChat(fake_wechat.base_url, settings=WrongSecret()))
    with pytest.raises(OurFault) as fault:
        await gateway.check_text("a", openid=LI, scene=2)
    assert fault.value.errcode == 40125
    await gateway.close()


class WrongSecret:
    appid = "wx0000000000000fake"
    secret = "wrong"
    callback_token = callback_aes_key = None
