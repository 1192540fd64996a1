"""Messages through WeChat: one credit each, never twice, and without anything that people wrote about a matter."""

import asyncio
import re
from datetime import timedelta

import pytest

from models import InboxMessage, JournalEntry, SubscribeMessage
from models.vocabulary import Role
from models.vocabulary import SubscribeMessageState as S
from server.jobs.reactions import react
from server.notifications import wechat_messages
from server.notifications.wechat_messages.claiming import LEASE, claim
from server.notifications.wechat_messages.planning import Words, put_down
from server.notifications.wechat_messages.purposes import WORK
from server.notifications.wechat_messages.settling import settle
from server.packs import QuietHours
from tests.conftest import until
from tests.server.notifications.wechat_messages.conftest import OPENID, SEND

STORM = [
    ("swallow", 0, 0.2),
    ("status", 502, 0.1),
    ("errcode", 40001, 0.05),
    ("errcode", 43101, 0.05),
    ("errcode", -1, 0.05),
    ("garbage", 0, 0.02),
]


async def test_who_answers_for_an_item_is_told_and_it_costs_one_credit(city):
    await city.allow("item_due", 2)
    item = await city.dispatch()
    await city.subscribe_message(S.SENT)

    (told,) = await city.fake.messages()
    assert told["page"] == f"packages/ledger/pages/item/item?id={item.id}"
    assert told["template_id"] == "trial-item_due"
    words = {field: one["value"] for field, one in told["data"].items()}
    assert (words["thing1"], words["thing2"]) == ("请签收分办事项", f"编号{item.number_text}")
    assert re.fullmatch(r"\d{4}年\d+月\d+日 \d\d:\d\d", words["time3"])
    assert await city.credits() == 1
    assert "张三" not in str(told), "the title may hold what a citizen wrote"


async def test_nobody_is_told_who_did_not_allow_it(city):
    await city.dispatch()
    await until(lambda: InboxMessage.filter(person=city.wang).exists())
    assert not await SubscribeMessage.exists()
    assert await city.fake.calls(SEND) == 0


async def test_an_event_is_told_once_however_often_the_worker_comes_back(city):
    await city.allow("item_due", 5)
    await city.dispatch()
    await city.subscribe_message(S.SENT)
    entry = await JournalEntry.get(event="ledger_item.dispatched")
    await asyncio.gather(*(react(entry.id, tools=city.office.tools) for _ in range(4)))

    assert (await SubscribeMessage.all().count(), len(await city.fake.messages()), await city.credits()) == (
        1,
        1,
        4,
    )


# What WeChat answers


async def test_a_refusal_means_that_the_count_was_wrong(city):
    await city.allow("item_due", 3)
    await city.fake.disturb(SEND, "errcode", 43101)
    await city.dispatch()
    subscribe_message = await city.subscribe_message(S.REFUSED)

    assert (subscribe_message.errcode, await city.credits()) == (43101, 0)
    wang = city.office.phone()
    await wang.sign_in("demo-王科长")
    asked = (await wang.get("/subscription-templates", params={"moment": "handled"})).json()
    assert "trial-item_due" in asked["templates"], "he is asked again at the next tap"


async def test_who_takes_his_permission_back_in_wechat_is_told_nothing_more(city):
    await city.allow("item_due", 3)
    await city.fake.set_callback(f"{city.office.base_url}/wechat/callback", format="xml")
    change = {"List": {"TemplateId": "trial-item_due", "SubscribeStatusString": "reject"}}
    event = {"Event": "subscribe_msg_change_event", "FromUserName": OPENID, "SubscribeMsgChangeEvent": change}

    assert await city.fake.push(event) == 200
    assert await city.credits() == 0


async def test_a_field_that_wechat_refuses_alarms_and_costs_nothing(city):
    await city.allow("item_due")
    await city.fake.disturb(SEND, "errcode", 47003)
    await city.dispatch()
    subscribe_message = await city.subscribe_message(S.FAILED)

    assert (subscribe_message.errcode, subscribe_message.attempts, await city.credits()) == (47003, 1, 1)
    told = (await city.office.client().get("/metrics")).text
    assert "duchatong_subscribe_messages_failed 1.0\n" in told


@pytest.mark.parametrize(("kind", "value"), [("errcode", -1), ("status", 502), ("errcode", 45011)])
async def test_what_wechat_did_not_do_is_tried_again_after_a_pause(city, kind, value):
    await city.allow("item_due")
    await city.fake.disturb(SEND, kind, value)
    await city.dispatch()
    await until(lambda: SubscribeMessage.filter(state=S.WAITING, attempts=1).exists())
    assert await city.credits() == 1
    await wechat_messages.send_due(tools=city.office.tools)
    assert await city.fake.messages() == [], "not at once"

    city.office.watch.ahead += timedelta(minutes=5)
    await wechat_messages.send_due(tools=city.office.tools)
    assert (len(await city.fake.messages()), await city.credits()) == (1, 0)


async def test_a_spent_quota_waits_for_the_next_morning(city):
    await city.allow("item_due")
    await city.fake.disturb(SEND, "errcode", 45009)
    await city.dispatch()
    await until(lambda: SubscribeMessage.filter(state=S.WAITING, attempts=1).exists())

    await city.set_clock(8, 29, days=2)
    await wechat_messages.send_due(tools=city.office.tools)
    assert await city.fake.messages() == []
    await city.set_clock(8, 31, days=2)
    await wechat_messages.send_due(tools=city.office.tools)
    assert len(await city.fake.messages()) == 1


async def test_what_may_have_arrived_is_never_sent_again(city):
    """The connection breaks after WeChat has accepted the message: it has no number that identifies a second copy."""
    await city.allow("item_due", 3)
    await city.fake.disturb(SEND, "swallow")
    await city.dispatch()
    await city.subscribe_message(S.UNKNOWN)

    await city.set_clock(10, days=2)
    await wechat_messages.send_due(tools=city.office.tools)
    assert (len(await city.fake.messages()), await city.credits()) == (1, 2)


# Deaths and crowds


async def test_a_worker_that_dies_between_sending_and_noting_doubles_nothing(city):
    await city.allow("item_due", 3)
    await city.fake.disturb(SEND, "hang", 60)
    await city.office.stop_working()
    await city.dispatch()
    entry = await JournalEntry.get(event="ledger_item.dispatched")
    dying = asyncio.create_task(react(entry.id, tools=city.office.tools))
    await until(lambda: city.fake.calls(SEND))
    dying.cancel()
    await asyncio.wait([dying])

    await react(entry.id, tools=city.office.tools)  # the queue gives the job to another worker
    assert (await SubscribeMessage.get()).state is S.SENDING, "perhaps the first one still waits for WeChat"
    city.office.watch.ahead += LEASE + timedelta(seconds=1)
    await react(entry.id, tools=city.office.tools)
    assert (await SubscribeMessage.get()).state is S.UNKNOWN
    assert (await city.fake.calls(SEND), await city.credits()) == (1, 2)


async def test_a_loser_who_answers_late_changes_nothing(city):
    await city.allow("item_due", 3)
    await city.office.stop_working()
    await city.dispatch()
    entry = await JournalEntry.get(event="ledger_item.dispatched")
    await city.fake.disturb(SEND, "errcode", -1)
    await react(entry.id, tools=city.office.tools)
    city.office.watch.ahead += timedelta(minutes=5)
    batch = await claim(now=city.now)
    city.office.watch.ahead += LEASE + timedelta(seconds=1)
    await wechat_messages.send_due(tools=city.office.tools)

    await settle(batch, S.REFUSED, now=city.now, errcode=43101)
    assert ((await SubscribeMessage.get()).state, await city.credits()) == (S.UNKNOWN, 2)


async def test_of_many_workers_one_sends(city):
    await city.allow("item_due", 8)
    await city.office.stop_working()
    for number in range(4):
        await city.dispatch(f"第{number}件")
    entries = await JournalEntry.filter(event="ledger_item.dispatched")
    await asyncio.gather(*(react(entry.id, tools=city.office.tools) for entry in entries * 2))

    sent = await SubscribeMessage.all()
    assert {subscribe_message.state for subscribe_message in sent} == {S.SENT}
    messages = await city.fake.messages()
    assert len(sent) == 4
    assert len(messages) == len({subscribe_message.batch for subscribe_message in sent})
    assert await city.credits() == 8 - len(messages)


async def test_in_a_storm_each_message_ends_once_and_only_what_is_unknown_may_have_arrived_unseen(city):
    """G6: everything that can happen between us and WeChat, two workers, and every message in a final state."""
    people = [await city.office.enrol(f"专员{n}", Role.COMMISSIONER, openid=f"openid-{n}") for n in range(40)]
    for number, person in enumerate(people):
        await city.allow("item_due", 2, person=person, openid=f"openid-{number}")
        words = Words("改革办催办", f"编号改-2026-{number:04}", f"pages/inbox/inbox?n={number}")
        await put_down(
            words,
            to=[person.id],
            purpose=WORK,
            cause="day:1",
            templates=city.templates,
            quiet=QuietHours(),
            now=city.now,
        )
    for kind, value, share in STORM:
        await city.fake.disturb(SEND, kind, value, share=share, times=100)

    for _ in range(40):
        city.office.watch.ahead += timedelta(minutes=10)
        await asyncio.gather(*(wechat_messages.send_due(tools=city.office.tools) for _ in range(2)))
        if not await SubscribeMessage.filter(state__in=(S.WAITING, S.SENDING)).exists():
            break
    ends = {
        subscribe_message.page: subscribe_message.state for subscribe_message in await SubscribeMessage.all()
    }
    arrived = [message["page"] for message in await city.fake.messages()]
    assert len(arrived) == len(set(arrived)), "nothing arrives twice"
    assert {page for page, state in ends.items() if state is S.SENT} <= set(arrived)
    assert {ends[page] for page in arrived} <= {S.SENT, S.UNKNOWN}
    assert set(ends.values()) <= {S.SENT, S.UNKNOWN, S.REFUSED}
    assert {S.SENT, S.UNKNOWN} <= set(ends.values())
