"""The channels after the subscribe message: each against a real server, and the next one when nobody has looked."""

import asyncio
import json
import socket
from dataclasses import replace
from datetime import date

import pytest
from aiosmtpd.controller import Controller

from models import Delivery
from models.vocabulary import Channel, DeliveryFailure
from models.vocabulary import DeliveryState as S
from server.fake_wechat import Settings
from server.gateways.mail import Mail
from server.gateways.service_account import ServiceAccount
from server.gateways.texts import TextsToFile
from server.gateways.wecom import WeCom
from server.notifications import channels
from server.people import identities
from tests.server.reminders.conftest import OPENID

FAKE = Settings()
MONDAY, TUESDAY = date(2026, 11, 30), date(2026, 12, 1)
SEND = "cgi-bin/message/subscribe/send"


class Inbox:
    """A mail server's handler: keeps mails, or answers as told."""

    def __init__(self):
        self.mails, self.recipient, self.data = [], "250 OK", "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(envelope)
        if self.data == "break":
            session.loop.call_soon(server.transport.abort)
            await asyncio.sleep(30)
        return self.data


@pytest.fixture
def mail_server():
    handler = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        handler.port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    controller.stop()


@pytest.fixture
async def ways(city, mail_server, tmp_path, app):
    """All channels, each at a server on loopback; the commissioner has an address in each."""
    tools, url = city.office.tools, city.fake.base_url
    cache = tools.redis.cache
    for appid in (FAKE.service_appid, FAKE.corp_id):
        await cache.delete(f"wechat:token:{appid}")
    settings = replace(tools.settings, service_account_template=("notice", "thing1", "thing2", "time3"))
    account = ServiceAccount(
        FAKE.service_appid, FAKE.service_secret, program=FAKE.appid, base_url=url, cache=cache
    )
    wecom = WeCom(FAKE.corp_id, FAKE.corp_secret, agent_id=7, base_url=url, cache=cache)
    mail = Mail(f"smtp://127.0.0.1:{mail_server.port}", sender="督察通 <noreply@example.cn>")
    texts = TextsToFile(tmp_path / "texts")
    city.office.tools = replace(
        tools, settings=settings, service_account=account, wecom=wecom, mail=mail, texts=texts
    )
    await identities.bind(city.wang, keys=tools.keys, phone="13900000001")
    for field, value in (("wecom", "wang"), ("email", "wang@example.cn")):
        await identities.keep(city.wang.id, field, value, keys=tools.keys)
    yield city
    city.office.tools = tools
    await account.close()
    await wecom.close()


async def deliver(city, hour, minute=0, *, day=None):
    await city.at(day or city.today, hour, minute)
    await channels.deliver(tools=city.office.tools)


async def states():
    return {one.channel: one.state for one in await Delivery.all()}


async def test_who_does_not_look_gets_it_by_one_channel_after_another(ways, mail_server, tmp_path):
    city = ways
    await identities.keep_unionid(city.wang.id, "union-wang", keys=city.office.tools.keys)
    await city.fake.follow("service-wang", "union-wang")
    await city.fake.follow("service-a", "union-a")
    await city.fake.follow("service-z", "union-z")
    await channels.find_followers(tools=city.office.tools)
    await city.allow(2)
    item = await city.acknowledged_item(TUESDAY)
    await city.at(TUESDAY, 8)
    await city.plan(city.today)  # due today: two hours for each channel

    for hour, minute in ((8, 30), (10, 29), (10, 35), (12, 40), (14, 45), (16, 50)):
        await deliver(city, hour, minute)
    assert await states() == dict.fromkeys([one for one in Channel if one is not Channel.INBOX], S.SENT)

    (notice,) = await city.fake.notices()
    assert (notice["touser"], notice["miniprogram"]["appid"]) == ("service-wang", FAKE.appid)
    (text,) = await city.fake.texts()
    words = f"【督察通】事项今天到期，编号{item.number_text}。请打开小程序“督察通”查看和办理。"
    assert (text["touser"], text["agentid"], text["text"]["content"]) == ("wang", 7, words)
    (mail,) = mail_server.mails
    assert mail.rcpt_tos == ["wang@example.cn"]
    (file,) = (tmp_path / "texts").iterdir()
    line = json.loads(file.read_text("utf-8"))
    assert (line["number"], line["words"]) == ("13900000001", words)
    assert file.stat().st_mode & 0o077 == 0
    sms = await Delivery.get(channel=Channel.SMS)
    assert sms.tries[0]["words"] == "只写入文件，没有真的发短信"


async def test_who_looks_gets_nothing_more(ways):
    city = ways
    await city.allow(2)
    await city.acknowledged_item(TUESDAY)
    await city.plan(MONDAY)
    await deliver(city, 8, 30)
    (sent,) = await Delivery.all()
    await channels.mark_opened(sent.id, by=city.head.id, now=city.now)
    assert (await Delivery.get()).state is S.SENT, "opened by somebody else"
    await channels.mark_opened(sent.id, by=city.wang.id, now=city.now)
    await deliver(city, 16)
    assert await states() == {Channel.SUBSCRIBE: S.OPENED}
    (one,) = await city.reminders()
    assert one.state is S.OPENED


@pytest.mark.parametrize(
    ("recipient", "data", "state", "failure"),
    [
        ("250 OK", "250 OK", S.SENT, None),
        ("550 no such user", "250 OK", S.FAILED, DeliveryFailure.REFUSED),
        ("450 try later", "250 OK", S.HELD, None),
        ("250 OK", "451 busy", S.HELD, None),
        ("250 OK", "554 refused", S.FAILED, DeliveryFailure.OURS),
        ("250 OK", "break", S.UNKNOWN, None),
    ],
)
async def test_what_a_mail_server_answers_and_what_follows(
    ways, mail_server, recipient, data, state, failure
):
    city = ways
    mail_server.recipient, mail_server.data = recipient, data
    await identities.keep(city.wang.id, "wecom", "", keys=city.office.tools.keys)
    await city.acknowledged_item(TUESDAY)
    await city.plan(MONDAY)
    await deliver(city, 8, 30)
    delivery = await Delivery.get(channel=Channel.EMAIL)
    assert (delivery.state, delivery.failure) == (state, failure)


async def test_who_signs_in_with_a_unionid_gets_the_notices_of_the_account_they_follow(ways, app):
    city = ways
    everywhere = app.ctx.tools
    app.ctx.tools = replace(everywhere, service_account=city.office.tools.service_account)
    for openid, unionid in ((OPENID, "union-wang"), ("openid-a-citizen", "union-citizen")):
        code = await city.fake.make_code(openid, unionid=unionid)
        assert (await city.office.phone().sign_in(code)).status_code == 201
        await city.fake.follow(f"service-{unionid}", unionid)
    app.ctx.tools = everywhere
    citizen = await identities.person_of_openid("openid-a-citizen", keys=everywhere.keys)
    assert await identities.told_of(citizen.id, "unionid", keys=everywhere.keys) is None
    await channels.find_followers(tools=city.office.tools)
    told = [
        await identities.told_of(one.id, "service_openid", keys=everywhere.keys)
        for one in (city.wang, citizen)
    ]
    assert told == ["service-union-wang", None]

    await city.acknowledged_item(TUESDAY)
    await city.at(TUESDAY, 8)
    await city.plan(city.today)
    await deliver(city, 8, 30)
    assert [one["touser"] for one in await city.fake.notices()] == ["service-union-wang"]


async def test_a_mail_server_that_is_not_there_is_tried_again(ways):
    city = ways
    city.office.tools = replace(city.office.tools, mail=Mail("smtp://127.0.0.1:1", sender="a@example.cn"))
    await identities.keep(city.wang.id, "wecom", "", keys=city.office.tools.keys)
    await city.acknowledged_item(TUESDAY)
    await city.plan(MONDAY)
    await deliver(city, 8, 30)
    assert await states() == {Channel.EMAIL: S.HELD}


async def test_a_member_who_does_not_see_the_application_goes_on_to_mail_at_once(ways):
    city = ways
    await identities.keep(city.wang.id, "wecom", "nobody-wang", keys=city.office.tools.keys)
    await city.acknowledged_item(TUESDAY)
    await city.plan(MONDAY)
    await deliver(city, 8, 30)
    await deliver(city, 8, 31)
    assert await states() == {Channel.WECOM: S.FAILED, Channel.EMAIL: S.SENT}


@pytest.mark.parametrize(("code", "state"), [(0, S.DELIVERED), (4, S.FAILED)])
async def test_wechats_own_word_settles_what_was_unknown(city, code, state):
    await city.allow(3)
    await city.acknowledged_item(TUESDAY)
    await city.plan(MONDAY)
    await city.fake.disturb(SEND, "swallow")
    await deliver(city, 8, 30)
    assert await states() == {Channel.SUBSCRIBE: S.UNKNOWN}
    await city.fake.set_callback(f"{city.office.base_url}/wechat/callback")
    entry = {"TemplateId": "trial-item_due", "MsgID": "1", "ErrorCode": str(code), "ErrorStatus": "x"}
    event = {"Event": "subscribe_msg_sent_event", "FromUserName": OPENID, "List": [entry]}
    for _ in range(2):
        assert await city.fake.push(event) == 200
    assert (await Delivery.get(channel=Channel.SUBSCRIBE)).state is state
