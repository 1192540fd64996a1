"""Nobody is disturbed at night or on holidays, and news from that time is told in one message."""

import json
import re
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from models import LedgerItem, SubscribeMessage
from models.vocabulary import Role
from models.vocabulary import SubscribeMessageState as S
from server import ledger
from server.fake_wechat.messages import FIELDS
from server.kernel.clock import SHANGHAI, business_date
from server.kernel.workdays import Announced, Calendar
from server.notifications import wechat_messages
from server.notifications.wechat_messages.minding import TO_DO
from server.notifications.wechat_messages.purposes import INBOX, PAGES, PURPOSES
from server.notifications.wechat_messages.windows import next_morning, next_window
from server.notifications.wechat_messages.wording import DIGEST, LONGEST_THING, cut, data_of, digest_data
from server.packs import QuietHours
from tests.acting import act
from tests.conftest import a_report

CALENDAR = Calendar({date(2026, 11, 28): Announced(True), date(2026, 11, 23): Announced(True)})


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("instant", "window", "morning"),
    [
        ("2026-11-23T10:00", "2026-11-23T10:00", "2026-11-24T08:30"),
        ("2026-11-23T07:29", "2026-11-23T07:30", "2026-11-23T08:30"),
        ("2026-11-23T22:00", "2026-11-24T07:30", "2026-11-24T08:30"),
        ("2026-11-27T23:00", "2026-11-28T07:30", "2026-11-28T08:30"),  # a Saturday that is worked
        ("2026-11-29T12:00", "2026-11-30T07:30", "2026-11-30T08:30"),  # a Sunday
    ],
)
def test_the_night_and_days_off_are_quiet(instant, window, morning):
    assert next_window(at(instant), calendar=CALENDAR, quiet=QuietHours()) == at(window)
    assert next_morning(at(instant), calendar=CALENDAR) == at(morning)


@pytest.mark.parametrize(
    ("instant", "window"),
    [
        ("2026-11-23T09:00", "2026-11-23T09:00"),
        ("2026-11-23T08:59", "2026-11-23T09:00"),
        ("2026-11-23T19:59", "2026-11-23T19:59"),
        ("2026-11-23T20:00", "2026-11-24T09:00"),
    ],
)
def test_the_night_is_as_long_as_the_city_s_pack_says(instant, window):
    quiet = QuietHours(starts=time(20, 0), ends=time(9, 0))
    assert next_window(at(instant), calendar=CALENDAR, quiet=quiet) == at(window)


async def test_what_comes_at_night_is_told_in_one_message_in_the_morning(city):
    await city.allow("item_due", 5)
    await city.set_clock(22, 5)
    for number in range(3):
        await city.dispatch(f"第{number}件")
    await city.put_down(3)
    assert await city.fake.messages() == []

    await city.set_clock(7, 31, days=2)
    await wechat_messages.send_due(tools=city.office.tools)
    (told,) = await city.fake.messages()
    assert [one["value"] for one in told["data"].values()][:2] == ["您有3条新消息", "请打开小程序逐条查看"]
    assert (told["page"], await city.credits()) == ("pages/inbox/inbox", 4)


async def test_what_was_read_in_the_program_needs_no_message(city):
    await city.allow("item_due")
    await city.set_clock(22, 5)
    await city.dispatch()
    await city.put_down(1)
    wang = city.office.phone()
    await wang.sign_in("demo-王科长")
    (message,) = (await wang.get("/inbox")).json()["items"]
    await wang.put(f"/inbox/{message['id']}/reading")

    await city.set_clock(7, 31, days=2)
    await wechat_messages.send_due(tools=city.office.tools)
    assert ((await SubscribeMessage.get()).state, await city.fake.messages()) == (S.NEEDLESS, [])


async def test_minor_news_wait_for_the_morning_and_leave_the_last_credit(city):
    await city.allow("item_decided")
    item = await city.dispatch()
    until_on = item.due_on + timedelta(days=7)
    fresh = await LedgerItem.get(id=item.id)
    await act(
        ledger.postpone,
        item.id,
        version=fresh.version,
        until_on=until_on,
        reason="雨季",
        by=city.chen,
        now=city.now,
    )
    await city.put_down(1)
    await wechat_messages.send_due(tools=city.office.tools)
    assert await city.fake.messages() == []

    await city.set_clock(8, 31, days=2)
    await wechat_messages.send_due(tools=city.office.tools)
    assert ((await SubscribeMessage.get()).state, await city.credits()) == (S.REFUSED, 1)


async def test_nothing_is_sent_that_is_older_than_three_days(city):
    await city.allow("item_due")
    await city.set_clock(22, 5)
    await city.dispatch()
    await city.put_down(1)
    await city.set_clock(10, days=6)
    await wechat_messages.send_due(tools=city.office.tools)
    assert ((await SubscribeMessage.get()).state, await city.fake.messages()) == (S.EXPIRED, [])


async def test_in_the_morning_one_message_tells_what_is_overdue_once_a_day(city):
    await city.office.stop_working()  # the commissioner has already heard of each item
    for number in range(3):
        item = await city.dispatch(f"第{number}件")
    today = business_date(city.now)
    await LedgerItem.all().update(due_on=today - timedelta(days=5))
    await LedgerItem.filter(id=item.id).update(due_on=today + timedelta(days=90))
    await city.allow("item_due", 3)
    for _ in range(2):
        await wechat_messages.mind_work(tools=city.office.tools)
        await wechat_messages.send_due(tools=city.office.tools)

    (told,) = await city.fake.messages()
    assert [one["value"] for one in told["data"].values()][:2] == ["2件事项已逾期", "共3件待办，请打开办理"]
    assert told["page"] == "pages/ledger/ledger"


async def test_in_the_morning_a_reviewer_hears_how_many_reports_wait(city):
    luo = await city.office.enrol("小罗", Role.OFFICE_STAFF, openid="openid-demo-小罗")
    await city.allow("review_due", person=luo, openid="openid-demo-小罗")
    laoma = await city.office.phone_of("老马")
    await laoma.submit(a_report())
    await wechat_messages.mind_work(tools=city.office.tools)
    await wechat_messages.send_due(tools=city.office.tools)

    (told,) = await city.fake.messages()
    assert [one["value"] for one in told["data"].values()][:2] == ["1件上报等您审核", "请打开审核"]


def test_every_message_opens_a_page_of_the_program():
    program = json.loads((Path(__file__).parents[4] / "miniprogram/app.json").read_text())
    parts = [f"{part['root']}/{page}" for part in program["subpackages"] for page in part["pages"]]
    assert {kind for _, kind in PURPOSES} <= set(PAGES)
    assert {*PAGES.values(), INBOX, TO_DO} <= {*program["pages"], *parts}


def test_every_message_fits_what_wechat_takes():
    assert all(len(words) <= LONGEST_THING for words in [*DIGEST, *(title for _, title in PURPOSES.values())])
    long = SubscribeMessage(title="很" * 20, about=cut("编号" + "改" * 40), caused_at=datetime.now(SHANGHAI))
    names = ("thing1", "thing2", "time3")
    told = [
        *data_of([long], fields=names).items(),
        *digest_data(datetime.now(SHANGHAI), fields=names).items(),
    ]
    for name, words in told:
        assert re.fullmatch(FIELDS[name[:-1]], words)
