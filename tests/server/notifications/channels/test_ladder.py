"""From the inbox to the next channel and the next person: what was not read, not acknowledged, or withdrawn."""

from datetime import date, timedelta

import pytest

from models import Delivery, InboxMessage, Reminder, ReminderSetting, SubscriptionQuota, Substitution
from models.vocabulary import Channel, DeliveryFailure, Recipient, Role, SessionChannel
from models.vocabulary import DeliveryState as S
from server import ledger, reminders
from server.kernel.refusal import NoSuchThing
from server.notifications import channels, inbox
from server.people.sessions import open_session
from tests.server.reminders.conftest import OPENID

SEND = "cgi-bin/message/subscribe/send"
MONDAY = date(2026, 11, 30)


async def deliver(city, hour, minute=0, *, day=None):
    await city.at(day or city.today, hour, minute)
    await channels.deliver(tools=city.office.tools)


async def reminded(city, *, due_on=date(2026, 12, 3), **given):
    """Return an item whose commissioner was reminded this Monday at eight."""
    item = await city.acknowledged_item(due_on, **given)
    await city.plan(MONDAY)
    return item


async def test_a_reminder_leaves_the_inbox_at_half_past_eight_by_number_and_page(city):
    await city.allow(2)
    item = await reminded(city, title="张三家门口的坑")
    await deliver(city, 8, 29)
    assert await city.fake.messages() == []
    await deliver(city, 8, 30)

    (told,) = await city.fake.messages()
    (delivery,) = await Delivery.all()
    assert told["page"] == f"packages/ledger/pages/item/item?id={item.id}&m={delivery.id}"
    said = [one["value"] for one in told["data"].values()]
    assert said == ["事项还剩3个工作日", f"编号{item.number_text}", "2026年11月30日 08:30"]
    assert "张三" not in str(told), "the title may hold what a citizen wrote"
    assert (delivery.state, delivery.message_id) == (S.SENT, str(told["msgid"]))
    assert [one["outcome"] for one in delivery.tries] == ["sent"]


async def test_eight_reminders_are_one_message_and_cost_one_credit(city):
    await city.allow(3)
    for number in range(8):
        due_on = date(2026, 11, 30) if number < 3 else date(2026, 12, 3)
        item = await city.acknowledged_item(date(2026, 12, 3), title=f"第{number}件")
        await type(item).filter(id=item.id).update(due_on=due_on)
    await city.plan(MONDAY)
    await deliver(city, 8, 30)
    (told,) = await city.fake.messages()
    said = [one["value"] for one in told["data"].values()]
    assert said[:2] == ["您有8件事项要办", "3件今天到期"]
    assert (await SubscriptionQuota.get(person=city.wang)).credits == 2
    assert await InboxMessage.filter(person=city.wang, reminder_id__isnull=False).count() == 8


async def test_who_read_it_in_the_inbox_is_not_disturbed(city):
    await city.allow(2)
    await reminded(city)
    message = await InboxMessage.get(person=city.wang, reminder_id__isnull=False)
    actor = await city.office.actor(city.wang)
    await inbox.mark_read(actor, message.id, now=city.now, keys=city.office.tools.keys)
    await deliver(city, 9)
    assert await city.fake.messages() == []
    (one,) = await city.reminders()
    assert (one.state, one.next_at) == (S.OPENED, None)
    assert one.climbs_at, "looking is not acknowledging"


async def test_who_reads_between_planning_and_sending_is_not_disturbed_either(city):
    await city.allow(2)
    await ReminderSetting.create(person=city.wang, quiet_from=0, quiet_until=600)
    await reminded(city)
    await deliver(city, 8, 30)
    (delivery,) = await Delivery.all()
    assert delivery.state is S.HELD
    actor = await city.office.actor(city.wang)
    await inbox.mark_all_read(actor, until=city.now, now=city.now, keys=city.office.tools.keys)
    await deliver(city, 10)
    assert await city.fake.messages() == []
    assert (await Delivery.get()).state is S.WITHDRAWN


@pytest.mark.parametrize(("minute", "sent"), [(59, 0), (60, 1)])
async def test_own_quiet_hours_are_kept_to_the_minute(city, minute, sent):
    await city.allow(2)
    await ReminderSetting.create(person=city.wang, quiet_from=12 * 60, quiet_until=10 * 60)
    await reminded(city)
    await deliver(city, 9 + minute // 60, minute % 60)
    assert len(await city.fake.messages()) == sent


async def test_the_last_credit_is_kept_for_something_more_important(city):
    await city.allow(1)
    await reminded(city)
    await deliver(city, 8, 30)
    assert await city.fake.messages() == [], "a routine reminder"
    await city.plan_until(date(2026, 12, 3))
    await deliver(city, 8, 30, day=date(2026, 12, 3))
    assert len(await city.fake.messages()) == 1, "due today"


async def test_a_long_term_template_costs_nothing(city):
    await city.allow(1)
    await SubscriptionQuota.filter(person=city.wang).update(is_long_term=True)
    await reminded(city)
    await deliver(city, 8, 30)
    assert (len(await city.fake.messages()), (await SubscriptionQuota.get()).credits) == (1, 1)


async def test_who_cannot_be_reached_is_on_the_offices_list_and_has_the_inbox(city):
    await reminded(city)
    await deliver(city, 8, 30)
    (delivery,) = await Delivery.all()
    assert (delivery.state, delivery.failure) == (S.FAILED, DeliveryFailure.NO_ADDRESS)
    assert await city.inbox_of(city.wang) == ["事项还剩3个工作日"]


# The table of outcomes (R4.3)


@pytest.mark.parametrize(
    ("kind", "value", "state", "failure", "credits"),
    [
        ("errcode", 43101, S.FAILED, DeliveryFailure.REFUSED, 0),
        ("errcode", 40003, S.FAILED, DeliveryFailure.OURS, 3),
        ("errcode", 40037, S.FAILED, DeliveryFailure.OURS, 3),
        ("errcode", 41030, S.FAILED, DeliveryFailure.OURS, 3),
        ("errcode", 47003, S.FAILED, DeliveryFailure.OURS, 3),
        ("errcode", 45009, S.HELD, None, 3),
        ("errcode", -1, S.HELD, None, 3),
        ("status", 502, S.HELD, None, 3),
        ("errcode", 40001, S.SENT, None, 2),
        ("errcode", 42001, S.SENT, None, 2),
        ("swallow", 0, S.UNKNOWN, None, 2),
        ("garbage", 0, S.UNKNOWN, None, 2),
    ],
)
async def test_what_wechat_answers_and_what_follows(city, kind, value, state, failure, credits):
    await city.allow(3)
    await reminded(city)
    await city.fake.disturb(SEND, kind, value)
    await deliver(city, 8, 30)
    delivery = await Delivery.get(channel=Channel.SUBSCRIBE)
    # A pause of half a minute ends in the future, so the message is held.
    assert (delivery.state, delivery.failure) == (state, failure)
    assert (await SubscriptionQuota.get()).credits == credits
    assert len(delivery.tries) == 1


async def test_a_spent_quota_pauses_the_channel_until_the_next_morning(city):
    await city.allow(3)
    await reminded(city)
    await city.fake.disturb(SEND, "errcode", 45009)
    await deliver(city, 8, 30)
    await deliver(city, 8, 29, day=date(2026, 12, 1))
    assert await city.fake.messages() == []
    await deliver(city, 8, 31, day=date(2026, 12, 1))
    assert len(await city.fake.messages()) == 1


async def test_an_unknown_outcome_of_a_reminder_is_never_sent_again(city):
    await city.allow(3)
    await reminded(city)
    await city.fake.disturb(SEND, "swallow")
    await deliver(city, 8, 30)
    await city.at(city.today, 9)
    await channels.send_unknown_again(tools=city.office.tools)
    await deliver(city, 9)
    assert len(await city.fake.messages()) == 1


@pytest.mark.parametrize(("minutes", "copies"), [(9, 1), (10, 2), (300, 2)])
async def test_what_must_be_acknowledged_is_sent_once_more_after_ten_minutes(city, minutes, copies):
    await city.allow(5)
    await reminded(city)
    await Reminder.all().update(urgency="letter")
    await city.fake.disturb(SEND, "swallow", times=5)
    await deliver(city, 8, 30)
    at = city.now + timedelta(minutes=minutes)
    for _ in range(3):
        city.office.watch.ahead += at - city.now
        await channels.send_unknown_again(tools=city.office.tools)
        await channels.send_due(tools=city.office.tools)
    assert len(await city.fake.messages()) == copies


# The ladder


async def test_what_is_not_acknowledged_climbs_to_substitute_leader_and_office(city):
    li = await city.office.enrol("李科长", Role.COMMISSIONER, organisation=city.office.bureau)
    await Substitution.create(person=city.wang, substitute=li, since_on=MONDAY)
    await reminded(city)
    steps = {
        (30, 17, 59): 0,
        (31, 9, 29): 0,
        (31, 9, 30): 1,  # eight of the office's hours: seven on Monday, one on Tuesday
        (32, 10, 29): 1,
        (32, 10, 30): 2,
        (33, 11, 29): 2,
        (33, 11, 30): 3,
    }
    ladder = [Recipient.SUBSTITUTE, Recipient.LEADING_OFFICIAL, Recipient.OFFICE]
    for (day, hour, minute), rungs in steps.items():
        await deliver(city, hour, minute, day=MONDAY + timedelta(days=day - 30))
        climbed = await Reminder.filter(climbed_from_id__isnull=False).order_by("told_at")
        assert [one.recipient for one in climbed] == ladder[:rungs], (day, hour, minute)
    assert await city.inbox_of(city.head) == ["事项还剩1个工作日（王科长未确认）"]
    assert {one.person_id for one in climbed} == {li.id, city.head.id, city.lead.id}
    for person in (li, city.head, city.lead):
        one = await city.office.actor(person)
        assert await ledger.item_seen_by(one, climbed[0].subject_id), "who is told can look"
    await reminders.acknowledge(climbed[1].id, by=city.head.id)
    assert await ledger.item_seen_by(await city.office.actor(city.head), climbed[0].subject_id)


async def test_a_substitute_works_on_what_the_absent_person_answers_for_and_nobody_else_does(city):
    li = await city.office.enrol("李科长", Role.COMMISSIONER, organisation=city.office.bureau)
    item = await city.item_due(date(2026, 12, 3))
    before = await city.office.actor(li)
    with pytest.raises(NoSuchThing):
        await ledger.item_seen_by(before, item.id)
    last = date(2026, 12, 2)
    await Substitution.create(person=city.wang, substitute=li, since_on=MONDAY, until_on=last, is_leave=True)
    await city.act("acknowledge", item, by=await city.office.actor(li))
    assert item.state == "in_progress"
    phone = city.office.phone()
    token = await open_session(li, channel=SessionChannel.PHONE, now=city.now)
    phone.client.headers["authorization"] = f"Bearer {token}"
    assert (await phone.get(f"/ledger-items/{item.id}")).status_code == 200
    await city.at(date(2026, 12, 3), 9)
    assert (await phone.get(f"/ledger-items/{item.id}")).status_code == 404, "the leave is over"


async def test_two_reminders_of_one_deadline_climb_to_each_person_once(city):
    await reminded(city)
    await city.plan(date(2026, 12, 2))
    assert len(await city.reminders(climbed_from_id=None)) == 2
    await deliver(city, 18, day=date(2026, 12, 2))
    assert await city.inbox_of(city.head) == ["事项还剩1个工作日（王科长未确认）"]


async def test_acknowledging_stops_the_ladder_for_that_person_alone(city):
    await reminded(city)
    await deliver(city, 18, day=date(2026, 12, 1))
    root, climbed = (
        await city.reminders(climbed_from_id=None),
        await city.reminders(recipient="leading_official"),
    )
    assert len(climbed) == 1, "without a substitute the leader is next"
    await reminders.acknowledge(climbed[0].id, by=city.head.id)
    await root[0].refresh_from_db()
    assert root[0].climbs_at, "the commissioner has not acknowledged"
    await reminders.acknowledge(root[0].id, by=city.lead.id)
    await root[0].refresh_from_db()
    assert root[0].acknowledged_at is None, "nobody acknowledges for others"
    await reminders.acknowledge(root[0].id, by=city.wang.id)
    await deliver(city, 18, day=date(2026, 12, 4))
    assert await Reminder.filter(recipient="office").count() == 0


async def test_a_leader_on_leave_is_replaced_by_his_own_substitute(city):
    bai = await city.office.enrol("白副局长", Role.LEADING_OFFICIAL, organisation=city.office.root)
    await Substitution.create(
        person=city.head, substitute=bai, since_on=MONDAY, until_on=date(2026, 12, 31), is_leave=True
    )
    await reminded(city)
    await deliver(city, 18, day=date(2026, 12, 1))
    assert [one.person_id for one in await Reminder.filter(climbed_from_id__isnull=False)] == [bai.id]


async def test_an_item_that_moves_while_the_planner_works_disturbs_nobody(city):
    """The change is committed between the planner's reading and its writing."""
    await city.allow(3)
    item = await reminded(city)
    await type(item).filter(id=item.id).update(state="closed")
    await deliver(city, 8, 30)
    await deliver(city, 18, day=date(2026, 12, 4))
    assert await city.fake.messages() == []
    assert [one.state for one in await city.reminders()] == [S.WITHDRAWN]
    assert OPENID
