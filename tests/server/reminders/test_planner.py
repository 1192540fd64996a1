"""The planner: each day once, whoever runs it; what is due and for whom; the end of a reminder's cause."""

import asyncio
from datetime import date
from uuid import uuid4

import pytest

from models import InboxMessage, JobRun, LedgerItem, Observation, Reminder, Substitution
from models.vocabulary import DeliveryState as S
from models.vocabulary import LedgerState, Recipient, Role, Urgency
from server import reminders, staffing
from server.reminders import subjects
from server.reminders.planner import end_stale
from tests.conftest import a_report

MONDAY = date(2026, 11, 30)
FRIDAY_AFTER = date(2026, 12, 11)


async def test_a_commissioner_is_reminded_on_each_offset_in_words_that_say_what_why_and_what_next(city):
    item = await city.acknowledged_item(FRIDAY_AFTER, title="路口坑槽")
    told = await city.plan_until(date(2026, 12, 18))

    assert told == {
        date(2026, 12, 2): [-7],
        date(2026, 12, 8): [-3],
        date(2026, 12, 10): [-1],
        date(2026, 12, 11): [0],
        date(2026, 12, 14): [1],
        date(2026, 12, 17): [4],
    }
    assert await city.inbox_of(city.wang) == [
        "事项还剩7个工作日",
        "事项还剩3个工作日",
        "事项还剩1个工作日",
        "事项今天到期",
        "事项已逾期1个工作日",
        "事项已逾期4个工作日",
    ]
    first = await InboxMessage.filter(person=city.wang, title="事项还剩7个工作日").get()
    assert first.body == (
        f"{item.number_text}“路口坑槽”，期限12月11日（周五），还剩7个工作日。"
        "请打开填报进展；已办完的请申请销号，确需延期的请在期限前申请。"
    )
    assert (first.subject_kind, first.subject_id) == ("ledger_item", item.id)
    assert [one.urgency for one in await city.reminders()] == [
        *[Urgency.ROUTINE] * 3,
        Urgency.DUE_TODAY,
        *[Urgency.OVERDUE] * 2,
    ]


async def test_of_many_planners_one_plans_a_day(city):
    await city.acknowledged_item(FRIDAY_AFTER)
    await city.at(date(2026, 12, 2), 8)
    counts = await asyncio.gather(
        *(reminders.plan_day(city.today, city_pack=city.pack, now=city.now) for _ in range(6))
    )
    assert sorted(counts, key=str) == [1, None, None, None, None, None]
    assert (await Reminder.all().count(), await JobRun.all().count()) == (1, 1)


@pytest.mark.parametrize(("hour", "planned"), [(7, None), (8, 1)])
async def test_the_day_begins_at_eight(city, hour, planned):
    await city.acknowledged_item(FRIDAY_AFTER)
    assert await city.plan(date(2026, 12, 2), hour=hour) == planned


async def test_what_was_missed_collapses_into_the_latest(city):
    await city.acknowledged_item(FRIDAY_AFTER)
    await city.plan(MONDAY)
    assert await city.plan(date(2026, 12, 10)) == 1
    assert [one.offset for one in await city.reminders()] == [-1]


async def test_a_clock_that_jumped_ahead_and_back_repeats_nothing(city):
    await city.acknowledged_item(FRIDAY_AFTER)
    for day in (1, 2, 3, 2, 9, 8, 7, 10):
        await city.plan(date(2026, 12, day))
    assert [one.offset for one in await city.reminders()] == [-7, -3, -1]


async def test_an_item_without_acknowledgement_is_reminded_of_after_two_working_days(city):
    await city.item_due(date(2026, 12, 31))
    told = await city.plan_until(date(2026, 12, 4))
    assert told == {date(2026, 12, 2): [2], date(2026, 12, 4): [4]}
    assert {one.kind for one in await city.reminders()} == {"item_unsigned"}


# The end of the cause

ENDS = {
    "acknowledge": {},
    "request_close_out": {"text": "已修好", "evidence": []},
    "postpone": {"until_on": date(2026, 12, 25), "reason": "连续降雨"},
    "retain": {"note": "跨年度实施", "next_review_on": date(2027, 3, 1)},
    "transfer": {"reason": "职责不符"},
}


@pytest.mark.parametrize("action", ["postpone", "retain", "transfer", "give_back"])
async def test_reminders_end_with_their_cause_and_leave_no_message_that_leads_nowhere(city, action):
    unsigned = action == "give_back"
    item = await (city.item_due if unsigned else city.acknowledged_item)(date(2026, 12, 3))
    assert await city.plan(date(2026, 11, 30)) == 1
    by = await city.office.actor(city.wang) if unsigned else city.chen
    told = ENDS.get(action, {"reason": "不属于本单位"}) | (
        {"unit_id": city.office.bureau.id} if action == "transfer" else {}
    )
    await city.act(action, item, by=by, **told)

    (one,) = await city.reminders()
    assert one.state is (S.ACKNOWLEDGED if unsigned else S.WITHDRAWN), "who acts on it knows of it"
    assert (one.next_at, one.climbs_at) == (None, None)
    assert one.ended_at
    assert one.ended_because
    assert await city.inbox_of(city.wang) == []


async def test_who_acts_on_an_item_has_acknowledged_its_reminders_for_himself_alone(city):
    item = await city.acknowledged_item(date(2026, 12, 3))
    await Substitution.create(person=city.lead, substitute=city.head, since_on=MONDAY)
    await city.plan(date(2026, 11, 30))
    await city.act("report_progress", item, percent=30, text="已进场")
    (one,) = await city.reminders()
    assert (one.state, one.next_at, one.climbs_at) == (S.ACKNOWLEDGED, None, None)
    assert one.acknowledged_at


async def test_a_closed_item_is_reminded_of_no_more(city):
    item = await city.acknowledged_item(FRIDAY_AFTER)
    await LedgerItem.filter(id=item.id).update(state=LedgerState.CLOSED)
    assert await city.plan_until(date(2026, 12, 18)) == {}


async def test_a_later_deadline_is_reminded_of_anew(city):
    item = await city.acknowledged_item(date(2026, 12, 3))
    await city.plan(MONDAY)
    await city.act("postpone", item, by=city.chen, until_on=date(2026, 12, 8), reason="连续降雨")
    await city.plan_until(date(2026, 12, 3))
    assert [(one.due_on, one.offset, one.state) for one in await city.reminders()] == [
        (date(2026, 12, 3), -3, S.WITHDRAWN),
        (date(2026, 12, 8), -3, S.DELIVERED),
    ]


async def test_a_hand_over_moves_what_is_planned_to_the_successor_in_its_transaction(city):
    item = await city.acknowledged_item(date(2026, 12, 3))
    await city.plan(MONDAY)
    li = await city.office.enrol("李科长", Role.COMMISSIONER, organisation=city.office.bureau)
    await staffing.hand_over(
        city.wang, to=li, leaves=True, by=await city.office.actor(city.lead), now=city.now
    )
    (one,) = await city.reminders()
    assert (one.person_id, one.subject_id, one.ended_at) == (li.id, item.id, None)
    assert (await city.inbox_of(city.wang), await city.inbox_of(li)) == ([], ["事项还剩3个工作日"])


async def test_who_is_on_leave_is_replaced_by_the_substitute(city):
    await city.acknowledged_item(date(2026, 12, 3))
    li = await city.office.enrol("李科长", Role.COMMISSIONER, organisation=city.office.bureau)
    await Substitution.create(
        person=city.wang, substitute=li, since_on=MONDAY, until_on=date(2026, 12, 2), is_leave=True
    )
    await city.plan_until(date(2026, 12, 3))
    assert [(one.person_id, one.recipient, one.offset) for one in await city.reminders()] == [
        (li.id, Recipient.SUBSTITUTE, -3),
        (li.id, Recipient.SUBSTITUTE, -1),
        (city.wang.id, Recipient.COMMISSIONER, 0),
    ]


# The other kinds


async def test_reviewers_are_reminded_once_of_all_reports_of_a_day(city):
    phone = await city.office.phone_of("李代表", Role.DEPUTY)
    for number in range(3):
        assert (await phone.submit(a_report(text=f"第{number}处坑槽"))).status_code == 201
    told = await city.plan_until(date(2026, 12, 1))
    assert told == {date(2026, 12, 1): [0]}
    (one,) = await city.reminders()
    assert (one.person_id, one.title) == (city.chen.person.id, "上报答复今天到期")
    assert "3件上报等待审核" in one.body


async def test_a_retained_item_is_reminded_of_before_its_review(city):
    item = await city.acknowledged_item(FRIDAY_AFTER)
    await city.act("retain", item, by=city.chen, note="跨年度", next_review_on=date(2026, 12, 4))
    await city.plan_until(date(2026, 12, 4))
    found = await city.reminders(kind="item_review")
    assert {(one.offset, one.person_id) for one in found} == {
        (offset, person.id) for offset in (-3, 0) for person in (city.lead, city.wang)
    }


async def test_a_rule_that_is_off_reminds_nobody(city):
    rule = await reminders.rule_of("item_due", city_pack=city.pack)
    from msgspec.structs import replace  # noqa: PLC0415

    new = reminders.NewRule(replace(rule.content, is_on=False), "试行期间停用")
    by = await city.office.actor(city.lead)
    await reminders.change_rule("item_due", version=1, new=new, city_pack=city.pack, by=by, now=city.now)
    await city.acknowledged_item(FRIDAY_AFTER)
    assert await city.plan_until(date(2026, 12, 14)) == {}
    history = await reminders.history_of("item_due", city_pack=city.pack)
    assert [(one.version, one.why) for one in history] == [(2, "试行期间停用"), (1, "城市配置里的规则")]


async def test_a_kind_that_another_package_registers_is_planned_previewed_and_ended(city, monkeypatch):
    matter = reminders.Matter(
        subject_id=uuid4(),
        due_on=date(2026, 12, 2),
        number="例会",
        title="每月调度会",
        people={Recipient.COMMISSIONER: (city.wang.id,)},
    )
    open_matters = [matter]

    async def earliest():
        return matter.due_on

    async def due_on(days, _):
        return [one for one in open_matters if one.due_on in days]

    async def still_due(ids, _):
        return [one for one in open_matters if one.subject_id in ids]

    kind = reminders.Kind("meeting", "会议", "meeting", earliest, due_on, still_due, is_settled=False)
    monkeypatch.setitem(subjects._kinds, kind.code, kind)
    week = await reminders.week_ahead(MONDAY, city_pack=city.pack)
    assert [one.day for one in week for planned in one.planned if planned.rule.kind is kind] == [
        date(2026, 12, 1),
        date(2026, 12, 2),
        date(2026, 12, 3),
    ]
    await city.plan_until(date(2026, 12, 2))
    assert await city.inbox_of(city.wang) == ["例会还剩1个工作日", "例会今天到期"]
    open_matters.clear()
    await city.plan(date(2026, 12, 3))
    assert {one.state for one in await city.reminders()} == {S.WITHDRAWN}


WITHOUT_A_CLOCK = {"item_unsigned", "letter_unsigned", "mission", "visit", "visit_stop"}


async def test_every_registered_kind_has_a_rule_in_the_pack(city):
    rules = await reminders.rules_in_force(city_pack=city.pack)
    assert {one.kind.code for one in rules} >= {
        "item_due",
        "item_unsigned",
        "item_review",
        "mission",
        "review_clock",
        "letter_unsigned",
        "letter_reply",
        "visit",
        "visit_stop",
    }
    for one in rules:
        assert "{时限}" in one.content.title + one.content.body or one.kind.code in WITHOUT_A_CLOCK


async def test_what_was_closed_while_the_planner_worked_is_taken_out_of_the_inbox(city):
    """The change is committed between the planner's reading and its writing."""
    item = await city.acknowledged_item(date(2026, 12, 3))
    await city.at(MONDAY, 8)
    await reminders.plan_day(MONDAY, city_pack=city.pack, now=city.now)
    assert await city.inbox_of(city.wang) == ["事项还剩3个工作日"]
    await LedgerItem.filter(id=item.id).update(state=LedgerState.CLOSED)
    (told,) = await city.reminders()
    await end_stale(now=told.told_at)
    assert await city.inbox_of(city.wang) == []
    assert [one.state for one in await city.reminders()] == [S.WITHDRAWN]


async def test_the_clock_of_reports_ends_with_the_next_plan_once_all_are_answered(city):
    phone = await city.office.phone_of("李代表", Role.DEPUTY)
    assert (await phone.submit(a_report())).status_code == 201
    await city.plan_until(date(2026, 12, 1))
    assert [one.ended_at for one in await city.reminders()] == [None]
    await Observation.all().update(state="declined")
    await city.plan(date(2026, 12, 2))
    assert [one.state for one in await city.reminders()] == [S.WITHDRAWN]
