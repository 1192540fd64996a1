"""Reminders on phones: acknowledged, opened, quiet, truthful about subscriptions, and as a calendar."""

from datetime import date

import icalendar
import pytest

from models import Delivery, Reminder, ReminderSetting, SubscriptionQuota
from models.vocabulary import DeliveryState as S
from models.vocabulary import Role, SubscriptionOutcome
from server import letters, notices
from server.kernel.calendars import calendar
from server.letters.commands import AtVersion, Draft
from server.notices import AnnouncedDay
from server.notifications import channels
from tests.conftest import until
from tests.factories import dispatched_item
from tests.server.reminders.conftest import City
from tests.server.reminders.conftest import city as _city

MONDAY, THURSDAY = date(2026, 11, 30), date(2026, 12, 3)
city = _city


async def wang_of(city):
    """Return the commissioner's phone, signed in now."""
    phone = city.office.phone()
    answer = await phone.sign_in("demo-王科长")
    assert answer.status_code == 201, answer.text
    return phone


async def test_a_push_that_is_opened_and_acknowledged_ends_the_ladder(city):
    await city.allow(2)
    item = await city.acknowledged_item(THURSDAY)
    await city.plan(MONDAY)
    await city.at(MONDAY, 8, 30)
    await channels.deliver(tools=city.office.tools)
    wang = await wang_of(city)
    token = (await city.fake.messages())[0]["page"].rpartition("m=")[2]
    for _ in range(2):
        assert (await wang.put(f"/deliveries/{token}/opening")).status_code == 204
    assert (await Delivery.get()).state is S.OPENED

    (told,) = (await wang.get("/reminders", params={"subject_id": str(item.id)})).json()["items"]
    assert told["title"] == "事项还剩3个工作日"
    for _ in range(2):
        assert (await wang.put(f"/reminders/{told['id']}/acknowledgement")).status_code == 204
    one = await Reminder.get()
    assert (one.state, one.climbs_at) == (S.ACKNOWLEDGED, None)
    assert (await wang.get("/reminders", params={"subject_id": str(item.id)})).json()["items"] == []


async def test_nobody_opens_or_acknowledges_for_somebody_else(city):
    await city.allow(2)
    await city.acknowledged_item(THURSDAY)
    await city.plan(MONDAY)
    await city.at(MONDAY, 8, 30)
    await channels.deliver(tools=city.office.tools)
    other = await city.office.phone_of("李科长", Role.COMMISSIONER)
    one, sent = await Reminder.get(), await Delivery.get()
    assert (await other.put(f"/reminders/{one.id}/acknowledgement")).status_code == 404
    assert (await other.put(f"/deliveries/{sent.id}/opening")).status_code == 404
    assert (await Reminder.get()).ended_at is None


@pytest.mark.parametrize(
    ("quiet_from", "quiet_until", "status"),
    [
        (12 * 60, 14 * 60, 200),
        (20 * 60, 9 * 60, 200),
        (None, None, 200),
        (9 * 60 + 30, 7 * 60 + 30, 200),  # two hours are left
        (9 * 60 + 29, 7 * 60 + 30, 422),
        (600, 600, 422),
        (600, None, 422),
        (0, 1440, 422),
    ],
)
async def test_quiet_hours_only_narrow_the_citys_and_leave_two_hours(city, quiet_from, quiet_until, status):
    wang = await wang_of(city)
    hours = {"quiet_from": quiet_from, "quiet_until": quiet_until}
    answer = await wang.put("/me/reminder-settings", json=hours)
    assert answer.status_code == status, answer.text
    if status == 200:
        assert answer.json()["quiet_from"] == quiet_from
        assert (answer.json()["opens"], answer.json()["closes"]) == (450, 1320)


@pytest.mark.parametrize(
    ("credits", "outcome", "state"),
    [
        (2, SubscriptionOutcome.ACCEPT, "accepted"),
        (2, SubscriptionOutcome.REJECT, "accepted"),  # what was allowed before still arrives
        (0, SubscriptionOutcome.ACCEPT, "no_credit"),
        (0, SubscriptionOutcome.REJECT, "rejected"),
        (0, SubscriptionOutcome.BAN, "rejected"),
        (None, None, "never_asked"),
    ],
)
async def test_the_settings_say_what_would_arrive(city, credits, outcome, state):
    if outcome:
        await SubscriptionQuota.create(
            person=city.wang, template="trial-item_due", credits=credits, outcome=outcome, told_on=city.today
        )
    wang = await wang_of(city)
    found = {one["template"]: one for one in (await wang.get("/me/reminder-settings")).json()["templates"]}
    assert found["trial-item_due"]["state"] == state
    assert found["trial-item_due"]["words"]


async def test_the_calendar_is_read_by_a_real_parser_and_names_no_title(city):
    item = await city.acknowledged_item(THURSDAY, title="张三家门口的坑")
    other = await city.acknowledged_item(date(2026, 12, 10))
    wang = await wang_of(city)
    link = (await wang.post("/me/calendar-feed")).json()["url"]
    assert len(link.rpartition("/")[2]) == 43
    path = link.partition("/api/")[2]
    answer = await city.office.client().get(f"/api/{path}")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert "张三" not in answer.text
    calendar = icalendar.Calendar.from_ical(answer.content)
    events = {str(one["summary"]): one for one in calendar.walk("VEVENT")}
    assert set(events) == {f"{item.number_text} 办理期限", f"{other.number_text} 办理期限"}
    assert events[f"{item.number_text} 办理期限"]["dtstart"].dt == THURSDAY
    uid = str(events[f"{other.number_text} 办理期限"]["uid"])

    await city.act("postpone", other, by=city.chen, until_on=date(2026, 12, 21), reason="降雨")
    again = icalendar.Calendar.from_ical((await city.office.client().get(f"/api/{path}")).content)
    moved = {str(one["uid"]): one["dtstart"].dt for one in again.walk("VEVENT")}
    assert moved[uid] == date(2026, 12, 21), "the same event on another day"


async def test_the_calendar_follows_the_notice_and_has_the_day_of_a_letters_reply(city):
    wang = await wang_of(city)
    path = (await wang.post("/me/calendar-feed")).json()["url"].partition("/api/")[2]

    async def days():
        read = icalendar.Calendar.from_ical((await city.office.client().get(f"/api/{path}")).content)
        return {str(one["summary"]): one["dtstart"].dt for one in read.walk("VEVENT")}

    item = await dispatched_item(city.office, by=city.chen, commissioner=city.wang, days=30, now=city.now)
    due = (await days())[f"{item.number_text} 办理期限"]
    assert due > date(2027, 1, 4), "30 working days after November"
    free = [AnnouncedDay(date(2027, 1, day), False, "元旦") for day in (1, 4, 5)]
    await notices.load_notice(2027, free, source="国办发明电〔2026〕9号", by=city.chen, now=city.now)
    later = (await calendar()).due(city.today, 30).on

    async def moved():
        return (await days())[f"{item.number_text} 办理期限"] == later > due

    assert await until(moved)

    kinds, lead = letters.kinds_of(city.pack), await city.office.actor(city.lead)
    letter = await letters.draft(
        item.id, Draft(kind="reminder_letter"), by=city.chen, now=city.now, kinds=kinds
    )
    for verb, by in ((letters.submit, city.chen), (letters.sign_off, lead)):
        letter = await verb(letter.id, AtVersion(version=letter.version), by=by, now=city.now, kinds=kinds)
    assert len(await days()) == 1
    by = await city.office.actor(city.wang)
    letter = await letters.acknowledge(
        letter.id, AtVersion(version=letter.version), by=by, now=city.now, kinds=kinds
    )
    assert (await days())[f"{letter.number_text} 反馈期限"] == letter.reply_due_on


async def test_a_link_ends_with_the_next_one_when_revoked_and_when_its_person_leaves(city):
    wang, stranger = await wang_of(city), city.office.client()

    async def new():
        link = (await wang.post("/me/calendar-feed")).json()["url"]
        return f"/api/{link.partition('/api/')[2]}"

    first, second = await new(), await new()
    assert (await stranger.get(first)).status_code == 404
    assert (await stranger.get(second)).status_code == 200
    assert second.rpartition("/")[2] not in str((await ReminderSetting.get()).feed_hash)
    assert (await wang.delete("/me/calendar-feed")).status_code == 204
    assert (await stranger.get(second)).status_code == 404

    third = await new()
    await type(city.wang).filter(id=city.wang.id).update(is_active=False)
    assert (await stranger.get(third)).status_code == 404
    assert City
