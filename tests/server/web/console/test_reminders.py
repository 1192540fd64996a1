"""Reminders on the console: rules with history, the coming week computed for real, proof, and what went wrong."""

import re
from datetime import date, timedelta

import pytest

from models import Delivery, JournalEntry, Reminder
from models.vocabulary import Channel, Role
from server import reminders
from server.notifications import channels
from tests.server.reminders.conftest import City
from tests.server.reminders.conftest import city as _city

FORM = {
    "version": 1,
    "offsets": "-5，-2, 0 1",
    "every": 5,
    "to_commissioner": "true",
    "to_contact": "true",
    "urgency": "routine",
    "channel_1": "subscribe",
    "channel_2": "email",
    "climb_1": "leading_official",
    "climb_hours": 7,
    "title": "事项{时限}",
    "body": "{编号}“{事项}”，{时限}。",
    "is_on": "true",
    "why": "按新要求调整",
}
city = _city


@pytest.fixture
async def luo(office, city):
    return await office.desk_of("罗副主任", Role.OFFICE_LEAD)


@pytest.fixture
async def later(office, city):
    """Sign a lead in after the clock has moved, because a desk left alone is signed out."""
    return lambda: office.desk_of("值班主任", Role.OFFICE_STAFF)


def numbers(page):
    return int(re.search(r'id="total">(\d+)<', page.text)[1])


async def test_a_rule_is_changed_with_a_reason_and_its_past_stays(city, luo):
    page = await luo.get("/reminders")
    assert "到期前7、3、1个工作日，当天，逾期1个工作日，以后每3个工作日" in page.text
    assert "分办后2个工作日，以后每2个工作日" in page.text
    assert (await luo.post("/reminders/rules/item_due", FORM)).status_code == 303

    shown = (await luo.get("/reminders/rules/item_due")).text
    assert "历次规则（2）" in shown
    assert "按新要求调整" in shown
    assert "城市配置里的规则" in shown
    rule = await reminders.rule_of("item_due", city_pack=city.pack)
    assert rule.content.offsets == [-5, -2, 0, 1]
    assert rule.content.channels == ("subscribe", "email")
    entry = await JournalEntry.get(event="reminder_rule.changed")
    assert entry.detail["why"] == "按新要求调整"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"offsets": "三天"}, "看不懂"),
        ({"offsets": "-61"}, "太远"),
        ({"offsets": "0,0"}, "重复"),
        ({"to_commissioner": "", "to_contact": ""}, "没有选择提醒谁"),
        ({"body": "{编号}{姓名}"}, "占位词"),
        ({"body": "{编号"}, "花括号"),
        ({"channel_2": "subscribe"}, "重复"),
        ({"climb_1": "commissioner"}, "不能是"),
        ({"version": 2}, "刚刚被别人改过"),
    ],
)
async def test_a_rule_that_cannot_work_is_refused_in_words(luo, changed, words):
    refused = await luo.post("/reminders/rules/item_due", FORM | changed)
    assert refused.status_code in (409, 422)
    assert words in refused.text


async def test_the_preview_is_what_the_planner_then_does(city, later):
    for day in (3, 4, 8, 11, 15):
        await city.acknowledged_item(date(2026, 12, day))
    await city.item_due(date(2026, 12, 31))
    await city.at(date(2026, 11, 29), 10)
    luo = await later()
    page = await luo.get("/reminders/preview")
    days = await reminders.week_ahead(city.today, city_pack=city.pack)
    expected = {
        (one.day, it.matter.number, it.offset, it.person_id, it.rule.kind.code)
        for one in days
        for it in one.planned
    }
    assert len(expected) == numbers(page) == page.text.count('data-label="提醒的话"')

    await city.plan_until(date(2026, 12, 6))
    done = {
        (reminders_day(one), one.number, one.offset, one.person_id, one.kind) for one in await Reminder.all()
    }
    assert done == expected
    assert len(done) > 5


async def test_a_rule_as_typed_is_tried_on_the_coming_week_before_it_is_kept(city, luo):
    await city.acknowledged_item(date(2026, 12, 8))
    tried = await luo.post("/reminders/rules/item_due/preview", FORM | {"why": ""}, part=True)
    assert tried.text.count('data-label="提醒的话"') == 2, "five and two working days before"
    assert ("<html" in tried.text, "共<b>2</b>条，1人；还没有保存" in tried.text) == (False, True)
    none = await luo.post("/reminders/rules/item_due/preview", FORM | {"is_on": ""}, part=True)
    assert none.text.count('data-label="提醒的话"') == 0
    refused = await luo.post("/reminders/rules/item_due/preview", FORM | {"offsets": "三天"}, part=True)
    assert (refused.status_code, "看不懂" in refused.text) == (422, True)
    assert (await reminders.rule_of("item_due", city_pack=city.pack)).version == 1


def reminders_day(one):
    return (one.told_at + timedelta(hours=8)).date()


async def test_the_proof_lists_every_try_with_its_time(city, later):
    await city.allow(3)
    await city.acknowledged_item(date(2026, 12, 3))
    await city.plan(date(2026, 11, 30))
    await city.fake.disturb("cgi-bin/message/subscribe/send", "errcode", -1)
    await city.at(city.today, 8, 30)
    await channels.deliver(tools=city.office.tools)
    await city.at(city.today, 8, 32)
    await channels.deliver(tools=city.office.tools)

    luo = await later()
    (one,) = await city.reminders()
    page = (await luo.get(f"/reminders/sent/{one.id}")).text
    for words in (
        "2026年11月30日 08:00",
        "2026年11月30日 08:30",
        "稍后再发",
        "2026年11月30日 08:32",
        "已发出",
    ):
        assert words in page, words
    listed = await luo.get("/reminders/sent")
    assert f"/console/reminders/sent/{one.id}" in listed.text
    assert numbers(listed) == 1
    assert numbers(await luo.get("/reminders/sent?state=acknowledged")) == 0
    assert numbers(await luo.get(f"/reminders/of/{one.subject_id}")) == 1


async def test_trouble_is_counted_as_it_is_listed_until_somebody_has_dealt_with_it(city, later):
    for day in (3, 3, 3):
        await city.acknowledged_item(date(2026, 12, day))
    await city.plan(date(2026, 11, 30))
    await city.at(city.today, 8, 30)
    await channels.deliver(tools=city.office.tools)  # nobody has allowed anything
    luo = await later()
    page = await luo.get("/reminders/trouble")
    assert numbers(page) == page.text.count("已另行告知</button>") == await Delivery.all().count() > 0

    first = await Delivery.filter(channel=Channel.SUBSCRIBE).first()
    for _ in range(2):
        assert (await luo.post(f"/reminders/trouble/{first.id}/dealt-with", {})).status_code == 303
    after = await luo.get("/reminders/trouble")
    assert numbers(after) == numbers(page) - 1
    assert await JournalEntry.filter(event="delivery.dealt_with").count() == 1
    assert City
