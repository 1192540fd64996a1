"""An item falls behind: the phone is reminded, nobody looks, the next channel follows, 知道了 ends it."""

from dataclasses import replace
from datetime import date

import pytest

from models import Delivery, Reminder, SubscriptionQuota
from models.vocabulary import Channel, Role, SubscriptionOutcome
from models.vocabulary import DeliveryState as S
from server.gateways.texts import TextsToFile
from server.notifications import channels
from server.people import identities
from tests.conftest import until
from tests.miniprogram.test_looks import look
from tests.miniprogram.test_looks_of_work import MODES
from tests.server.reminders.conftest import City

MONDAY, TUESDAY, FRIDAY = date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 4)


@pytest.fixture
async def city(office, fake_wechat, tmp_path):
    tools = office.tools
    office.tools = replace(tools, texts=TextsToFile(tmp_path))
    city = City(office, fake_wechat)
    await city.at(MONDAY, 7)
    for key in ("", ":forced"):
        await tools.redis.cache.delete(f"wechat:token:{fake_wechat.settings.appid}{key}")
    city.chen = await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))
    city.lead = await office.enrol("罗主任", Role.OFFICE_LEAD)
    city.head = await office.enrol("马局长", Role.LEADING_OFFICIAL, organisation=office.bureau)
    yield city
    office.tools = tools


async def an_item_due(city, phone):
    """Return an item due on Tuesday that the phone's commissioner has acknowledged and may be reminded of."""
    city.wang = phone.person
    template = city.office.tools.settings.wechat_templates["item_due"]
    await SubscriptionQuota.create(
        person=city.wang,
        template=template,
        credits=3,
        outcome=SubscriptionOutcome.ACCEPT,
        told_on=city.today,
    )
    await city.fake.grant("openid-demo-王科长", template, 3)
    return await city.acknowledged_item(TUESDAY, title="北京路路口坑槽")


async def deliver(city, day, hour, minute):
    await city.at(day, hour, minute)
    await channels.deliver(tools=city.office.tools)


async def test_a_reminder_that_is_not_read_goes_on_and_ends_when_its_person_knows(city, handset):
    wang = await handset("王科长", Role.COMMISSIONER, organisation=city.office.bureau)
    item = await an_item_due(city, wang)
    await identities.bind(city.wang, keys=city.office.tools.keys, phone="13900000001")
    await city.plan(TUESDAY)
    await deliver(city, TUESDAY, 8, 30)
    (pushed,) = await city.fake.messages()
    await deliver(city, TUESDAY, 10, 45)
    sent = {one.channel: one.state for one in await Delivery.all()}
    assert sent == {Channel.SUBSCRIBE: S.SENT, Channel.SMS: S.SENT}, "he did not look for two hours"

    await wang.turn_to(f"/{pushed['page']}")
    await wang.says("事项今天到期")
    await until(lambda: Delivery.exists(channel=Channel.SUBSCRIBE, state=S.OPENED))
    await wang.tap("知道了")
    await wang.gone("事项今天到期")
    await until(lambda: Reminder.exists(subject_id=item.id, state=S.ACKNOWLEDGED))
    await deliver(city, FRIDAY, 17, 0)
    assert not await Reminder.exists(climbed_from_id__isnull=False), "the ladder has stood down"


async def test_a_reminder_that_nobody_acknowledges_reaches_the_leader(city, handset):
    wang = await handset("王科长", Role.COMMISSIONER, organisation=city.office.bureau)
    await an_item_due(city, wang)
    await city.plan(TUESDAY)
    await deliver(city, FRIDAY, 9, 0)
    assert await city.inbox_of(city.head) == ["事项已逾期3个工作日（王科长未确认）"]


@pytest.mark.parametrize(("mode", "width", "scheme", "font"), MODES)
async def test_the_screens_of_reminders(city, handset, mode, width, scheme, font):
    how = {"width": width, "scheme": scheme, "hooks": {"fontSizeSetting": font}}
    wang = await handset("王科长", Role.COMMISSIONER, organisation=city.office.bureau, **how)
    item = await an_item_due(city, wang)
    await city.plan(TUESDAY)
    await wang.turn_to(f"/packages/ledger/pages/item/item?id={item.id}")
    await wang.says("知道了")
    await look(wang, f"{mode}-item-reminded")
    await wang.turn_to("/packages/account/pages/reminding/reminding")
    await wang.says("还能收到3次")
    await wang.tap("打开我的免打扰", role="switch")
    await wang.says("已打开我的免打扰")
    await wang.tap("生成日历链接")
    await wang.says("链接只显示这一次")
    await look(wang, f"{mode}-reminding")
