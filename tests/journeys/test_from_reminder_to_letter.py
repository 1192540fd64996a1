"""An item falls behind: phone, next channel, letter, receipt, reply, close-out; then nobody is reminded any more."""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from models import Delivery, LedgerItem, Letter, LetterReply, Photo, Reminder
from models.vocabulary import Channel, LedgerState, Role
from models.vocabulary import DeliveryState as S
from models.vocabulary import LetterState as L
from server.gateways.texts import TextsToFile
from server.ledger import closing
from server.letters.answering import SUBJECT
from server.notifications import channels
from server.people import identities
from tests.conftest import until
from tests.miniprogram.test_letters import papers_are_shown
from tests.miniprogram.test_looks import look
from tests.miniprogram.test_working_on_items import a_shot
from tests.server.reminders.conftest import City

MONDAY, TUESDAY, WEDNESDAY = date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 2)
SHOTS = os.environ.get("SHOTS")


@pytest.fixture
async def city(office, fake_wechat, tmp_path):
    tools = office.tools
    office.tools = replace(tools, texts=TextsToFile(tmp_path))
    city = City(office, fake_wechat)
    await city.at(MONDAY, 7)
    for key in ("", ":forced"):
        await tools.redis.cache.delete(f"wechat:token:{fake_wechat.settings.appid}{key}")
    yield city
    office.tools = tools


async def deliver(city, day, hour, minute=0):
    await city.at(day, hour, minute)
    await channels.deliver(tools=city.office.tools)


async def pushed(city):
    """Return the page that the newest message on the commissioner's phone leads to."""
    return f"/{(await city.fake.messages())[-1]['page']}"


async def shoot(window, name):
    if SHOTS:
        await window.page.screenshot(path=Path(SHOTS) / f"journey-{name}.png", full_page=True)


async def test_a_late_item_is_reminded_of_written_about_answered_closed_and_left_alone(city, handset, window):
    office = city.office
    city.chen = await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))
    wang = await handset("王科长", Role.COMMISSIONER, organisation=office.bureau)
    lead = await handset("罗主任", Role.OFFICE_LEAD)
    city.wang = wang.person
    await city.allow(5)
    await identities.bind(city.wang, keys=office.tools.keys, phone="13900000001")
    item = await city.acknowledged_item(TUESDAY, title="北京路路口坑槽")

    # The reminder on the phone is not looked at; after two hours a text message follows.
    await city.plan(TUESDAY)
    await deliver(city, TUESDAY, 8, 30)
    assert f"id={item.id}" in await pushed(city)
    await deliver(city, TUESDAY, 10, 45)
    sent = {one.channel: one.state for one in await Delivery.all()}
    assert sent == {Channel.SUBSCRIBE: S.SENT, Channel.SMS: S.SENT}

    # On the next day the light is red, and the ladder proposes a letter; the desk drafts it.
    await city.plan(WEDNESDAY)
    await deliver(city, WEDNESDAY, 8, 30)
    await city.at(WEDNESDAY, 9)
    async with window(await office.desk_of("小高")) as desk:
        await desk.open("/console/letters/proposals")
        await desk.says("1/1件已选")
        await shoot(desk, "1-proposed")
        await desk.page.get_by_role("button", name="起草选中的函件").click()
        await desk.page.get_by_role("checkbox", name="已核对").check()
        await desk.page.get_by_role("button", name="送签勾选的函件").click()
        await desk.says("没有草稿。")

    # The lead reads and signs it on a phone.
    await lead.tap("待办", role="tab")
    await lead.tap("待签发的函件，1件")
    await lead.tap("提醒函，关于加快办理督察事项的提醒函，待签发")
    await papers_are_shown(lead)
    await lead.says("罗主任，待签发")
    await lead.tap("签发", exact=True)
    await lead.says("已签发，文号已生成并送达。")
    letter = await Letter.get()
    assert (letter.state, letter.number_text) == (L.DELIVERED, "改提〔2026〕1号")

    # The letter goes the same way: phone, then text message; 王科长 opens the push, reads and signs for it.
    await until(Reminder.filter(subject_id=letter.id, kind="letter_unsigned", offset=0).exists)
    await deliver(city, WEDNESDAY, 9, 5)
    assert f"id={letter.id}" in await pushed(city)
    await deliver(city, WEDNESDAY, 11, 10)
    await wang.turn_to(await pushed(city))
    await papers_are_shown(wang)
    await wang.says("王科长，待签收")
    await look(wang, "journey-2-letter")
    await wang.tap("签收", exact=True)
    await wang.says("已签收。")
    await wang.says("王科长，待反馈")

    # He replies with a photo; the office reads when and how the letter reached him, and accepts.
    await wang.tap("填写反馈")
    await wang.write("办理情况、存在的困难和下一步安排", "已摊铺压实。")
    await wang.tap("添加照片")
    async with wang.page.expect_file_chooser() as chooser:
        await wang.tap("同意", exact=True)
    await (await chooser.value).set_files([a_shot("green")])
    await wang.seen(wang.page.get_by_label("第1张照片")).wait_for()
    await wang.tap("提交反馈")
    await wang.says("等待改革办审核")
    await until(Photo.filter(subject_kind=SUBJECT).exists)
    async with window(await office.desk_of("小李")) as desk:
        await desk.open(f"/console/letters/{letter.id}")
        proof = desk.page.get_by_role("region", name="送达证明")
        for words in ("站内信", "微信订阅消息", "短信", "已打开", "王科长签收"):
            await proof.get_by_text(words).first.wait_for()
        await shoot(desk, "3-proof")
        await desk.page.get_by_role("button", name="认可，办结").click()
        await until(LetterReply.filter(is_accepted=True).exists)

    # He asks for close-out on the phone, and the lead agrees at the desk.
    await wang.visit(f"/packages/ledger/pages/item/item?id={item.id}")
    await wang.tap("申请销号")
    await wang.write("怎么解决的", "已摊铺压实")
    await wang.choose("添加照片", a_shot("blue"))
    await wang.seen(wang.page.get_by_label("第1张照片")).wait_for()
    await wang.tap("申请销号")
    await wang.says("销号审核中")
    await until(Photo.filter(subject_kind=closing.SUBJECT).exists)
    async with window(await office.desk_of("严主任", Role.OFFICE_LEAD)) as desk:
        await desk.open(f"/console/ledger/{item.id}")
        await desk.says("改提〔2026〕1号")
        await shoot(desk, "4-timeline")
        await desk.page.get_by_role("button", name="同意销号").click()
        await desk.says("已同意销号")
    assert (await LedgerItem.get(id=item.id)).state is LedgerState.CLOSED

    # The ladder has stood down: nobody is reminded or written to any more.
    assert not await Reminder.filter(ended_at=None).exists()
    before = len(await city.fake.messages())
    await city.plan(date(2026, 12, 31))
    await deliver(city, date(2026, 12, 31), 17)
    assert len(await city.fake.messages()) == before
    assert not await Reminder.filter(ended_at=None).exists()
    async with window(await office.desk_of("小周")) as desk:
        await desk.open("/console/letters/proposals")
        await desk.says("没有需要发函的事项。")
        await shoot(desk, "5-no-proposals")
