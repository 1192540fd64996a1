"""WeChat tells reporters once a day that there is news, never about which report; a person and a day are kept."""

from datetime import timedelta

import pytest
from tortoise import connections

from models import (
    DigestFailures,
    DigestSent,
    JournalEntry,
    Observation,
    ReportMessage,
    SubscribeMessage,
    SubscriptionQuota,
)
from models.vocabulary import SubscriptionOutcome
from server import observations
from server.jobs.reactions import react
from server.kernel.clock import SHANGHAI
from server.notifications import subscriptions, wechat_messages
from tests.conftest import a_report
from tests.server.notifications.wechat_messages.conftest import SEND

LAOMA = "openid-demo-老马"
NEWS = ["您的上报有新消息", "请打开小程序查看"]


@pytest.fixture
async def laoma(city):
    """A reporter who allowed two messages; no worker runs, so that each test sends its own digests."""
    await city.office.stop_working()
    phone = await city.office.phone_of("老马")
    await city.allow("report_answered", 2, person=phone.person, openid=LAOMA)
    return phone


async def asked_for_more(city, phone, *, anonymity="hidden"):
    """Send a report and let the office ask for more; its reporter reads both messages in the program."""
    client_id = (await phone.submit(a_report())).json()["client_id"]
    report = await Observation.get(client_id=client_id)
    await Observation.filter(id=report.id).update(anonymity=anonymity)
    await observations.ask_more(
        report.id,
        version=report.version,
        reason="unclear_place",
        words="请补充门牌号。",
        by=city.chen,
        now=city.now,
    )
    for entry in await JournalEntry.filter(subject_id=report.id):
        await react(entry.id, tools=city.office.tools)
    # The journal has its own clock.
    await ReportMessage.filter(observation_id=report.id).update(created_at=city.now)


async def evening(city, hour=18, minute=1):
    """Go to the same day's evening, and run the timetable's job."""
    here = city.now.astimezone(SHANGHAI)
    city.office.watch.ahead += here.replace(hour=hour, minute=minute) - here
    await wechat_messages.tell_reporters(tools=city.office.tools)


def words(message):
    return [one["value"] for one in message["data"].values()][:2]


async def credits_of(phone):
    return (await SubscriptionQuota.get(person=phone.person)).credits


async def test_of_many_reports_one_message_a_day_names_none(city, laoma):
    for _ in range(3):
        await asked_for_more(city, laoma)
    assert await city.fake.messages() == [], "nothing at the hour of the decision"
    await evening(city)
    await evening(city, 18, 21)

    (told,) = await city.fake.messages()
    assert (words(told), told["page"]) == (NEWS, "pages/inbox/inbox")
    receipts = await Observation.all().values_list("receipt_number", "client_id", "id")
    assert not [one for row in receipts for one in row if str(one) in str(told)]
    assert await credits_of(laoma) == 1


async def test_a_person_and_a_day_are_all_that_is_left(city, laoma):
    await asked_for_more(city, laoma)
    await evening(city)
    columns = (await connections.get("default").execute_query_dict("SELECT * FROM digest_sent"))[0]
    assert set(columns) == {"id", "person_id", "day"}
    assert columns["person_id"] == laoma.person.id
    assert not await SubscribeMessage.exists()


async def test_news_after_six_is_told_the_next_evening(city, laoma):
    await asked_for_more(city, laoma)
    await evening(city)
    await asked_for_more(city, laoma)
    await evening(city, 21, 59)
    assert len(await city.fake.messages()) == 1
    await city.set_clock(18, 0, days=2)
    await wechat_messages.tell_reporters(tools=city.office.tools)
    assert len(await city.fake.messages()) == 2


@pytest.mark.parametrize(("hour", "minute", "count"), [(17, 59, 0), (18, 0, 1), (21, 59, 1), (22, 0, 0)])
async def test_a_digest_has_its_hours(city, laoma, hour, minute, count):
    await asked_for_more(city, laoma)
    await evening(city, hour, minute)
    assert len(await city.fake.messages()) == count


async def test_on_a_day_off_nobody_is_told(city, laoma):
    await asked_for_more(city, laoma)
    city.office.watch.ahead += timedelta(days=(5 - city.now.astimezone(SHANGHAI).weekday()) % 7)
    await evening(city)
    assert await city.fake.messages() == []


async def test_what_was_read_in_the_program_is_no_news(city, laoma):
    await asked_for_more(city, laoma)
    newest = (await laoma.get("/inbox")).json()["items"][0]
    await laoma.put("/inbox/reading", json={"until": newest["created_at"]})
    await evening(city)
    assert await city.fake.messages() == []
    assert not await DigestSent.exists()


async def test_a_receipt_alone_is_no_news(city, laoma):
    await laoma.submit(a_report())
    entry = await JournalEntry.get(event="observation.submitted")
    await react(entry.id, tools=city.office.tools)
    assert await ReportMessage.exists()
    await evening(city)
    assert await city.fake.messages() == []


async def test_of_a_sealed_report_wechat_hears_nothing(city, laoma):
    await asked_for_more(city, laoma, anonymity="sealed")
    await evening(city)
    assert (await city.fake.calls(SEND), await DigestSent.exists()) == (0, False)


async def test_who_allowed_nothing_is_told_nothing(city, laoma):
    await SubscriptionQuota.filter(person=laoma.person).update(credits=0)
    await asked_for_more(city, laoma)
    await evening(city)
    assert (await city.fake.calls(SEND), await DigestSent.exists()) == (0, False)


async def test_either_template_may_carry_the_digest(city, laoma):
    await SubscriptionQuota.filter(person=laoma.person).delete()
    await city.allow("recheck", person=laoma.person, openid=LAOMA)
    await asked_for_more(city, laoma)
    await evening(city)
    (told,) = await city.fake.messages()
    assert (told["template_id"], words(told)) == ("trial-recheck", NEWS)


# What WeChat answers


@pytest.mark.parametrize(("kind", "value"), [("errcode", -1), ("status", 502), ("errcode", 45009)])
async def test_what_wechat_did_not_do_is_tried_again_in_the_next_round(city, laoma, kind, value):
    await city.fake.disturb(SEND, kind, value)
    await asked_for_more(city, laoma)
    await evening(city)
    assert (await DigestSent.exists(), await credits_of(laoma)) == (False, 2)
    await evening(city, 18, 21)
    assert (len(await city.fake.messages()), await credits_of(laoma)) == (1, 1)


async def test_what_may_have_arrived_is_never_sent_again(city, laoma):
    await city.fake.disturb(SEND, "swallow")
    await asked_for_more(city, laoma)
    await evening(city)
    await evening(city, 18, 21)
    assert (len(await city.fake.messages()), await credits_of(laoma)) == (1, 1)


async def test_a_refusal_means_that_the_count_was_wrong(city, laoma):
    await city.fake.disturb(SEND, "errcode", 43101)
    await asked_for_more(city, laoma)
    await evening(city)
    assert (await credits_of(laoma), await DigestSent.all().count()) == (0, 1)


async def test_a_field_that_wechat_refuses_costs_nothing(city, laoma):
    await city.fake.disturb(SEND, "errcode", 47003)
    await asked_for_more(city, laoma)
    await evening(city)
    assert await credits_of(laoma) == 2


async def test_digests_that_wechat_refuses_for_a_fault_of_ours_alarm_for_a_month_and_name_nobody(city, laoma):
    await city.fake.disturb(SEND, "errcode", 47003)
    await asked_for_more(city, laoma)
    await evening(city)
    assert "duchatong_digests_failed 1.0\n" in (await city.office.client().get("/metrics")).text
    assert await DigestFailures.all().values_list("failures", flat=True) == [1]
    await city.set_clock(18, 1, days=40)
    await wechat_messages.tell_reporters(tools=city.office.tools)
    assert "duchatong_digests_failed 0.0\n" in (await city.office.client().get("/metrics")).text


async def test_people_are_told_in_no_order(city, laoma):
    """Not in the order of their reports: for twelve people on two evenings, equal by chance once in 479 million."""
    people = []
    for number in range(12):
        phone = await city.office.phone_of(f"居民{number}")
        await city.allow("report_answered", 2, person=phone.person, openid=f"openid-demo-居民{number}")
        await asked_for_more(city, phone)
        people.append(f"openid-demo-居民{number}")
    await evening(city)
    told = [one["touser"] for one in await city.fake.messages()]
    assert set(told) == set(people)
    assert told != people


async def test_what_is_allowed_at_a_report_is_written_down_apart_from_it(city):
    """Written at once, the person's row would have the next transaction number after the report's."""
    phone = await city.office.phone_of("老马")
    await phone.submit(a_report())
    await phone.post(
        "/subscription-outcomes",
        json={"outcomes": [{"template": "trial-report_answered", "outcome": "accept"}]},
        headers={"idempotency-key": "a-key-of-its-own"},
    )
    assert not await SubscriptionQuota.exists()
    await subscriptions.write_down_heard()
    await subscriptions.write_down_heard()
    (kept,) = await SubscriptionQuota.all()
    assert (kept.credits, kept.outcome) == (1, SubscriptionOutcome.ACCEPT)
