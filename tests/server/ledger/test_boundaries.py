"""The boundary days: what is still possible on the last day, and what no longer is on the day after."""

from datetime import date, datetime, time, timedelta

import pytest

from models import LedgerItem, Recheck
from models.vocabulary import LedgerState, Light, ObservationKind, RecheckAnswer
from server import ledger
from server.kernel.calendars import calendar
from server.kernel.clock import SHANGHAI
from server.kernel.workdays import Calendar
from server.ledger import LedgerFilter, LedgerView, NewItem, OldItem
from server.ledger.refusals import DateNotAhead, ExtensionTooLate, RecheckOver, RegisteredAhead
from tests.factories import registered_item
from tests.server.ledger.test_life import Cast

DAY = timedelta(days=1)
MONDAY, TUESDAY, FRIDAY = date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 6)
PLAN = {"started_on": MONDAY, "due_on": date(2026, 11, 27), "state": LedgerState.IN_PROGRESS}
LAST_MOMENT = time(23, 59, 59, 999999)


@pytest.fixture
async def cast(office):
    return await Cast(office).enter()


def light(today, *, percent=0, **changes):
    return ledger.light_status(**PLAN | changes, percent=percent, today=today, calendar=Calendar())


# On Friday the plan says 21.
@pytest.mark.parametrize(("percent", "colour"), [(0, Light.YELLOW), (1, Light.YELLOW), (2, Light.GREEN)])
def test_twenty_points_behind_plan_are_yellow_and_nineteen_are_not(percent, colour):
    assert light(FRIDAY, percent=percent).light is colour


@pytest.mark.parametrize(
    ("today", "colour"),
    [
        (date(2026, 11, 23), Light.GREEN),  # four working days ahead
        (date(2026, 11, 24), Light.BLUE),
        (date(2026, 11, 27), Light.BLUE),  # the deadline itself
        (date(2026, 11, 28), Light.RED),
    ],
)
def test_blue_begins_three_working_days_before_and_red_the_day_after(today, colour):
    assert light(today, percent=100).light is colour


def test_a_day_off_after_the_deadline_is_a_day_late():
    assert light(date(2026, 11, 28)).because == "期限11月27日（周五），已逾期1个工作日。"


async def test_a_list_of_yellow_ends_at_nineteen_points_too(cast):
    started = datetime.combine(MONDAY, time(12), SHANGHAI)
    for percent in (1, 2):
        await a_unit_s_item(
            cast, due_on=PLAN["due_on"], title=f"{percent}%", dispatched_at=started, percent=percent
        )
    yellow = LedgerView(light=Light.YELLOW)
    also = await ledger.narrowed(yellow, actor=cast.chen, today=FRIDAY, calendar=await calendar())
    found, _ = await ledger.page_of(cast.chen, yellow, also=also)
    assert [one.title for one in found] == ["1%"]


async def a_unit_s_item(cast, *, due_on, state=LedgerState.IN_PROGRESS, **columns):
    columns |= {"lead_unit_id": cast.office.bureau.id, "commissioner_id": cast.wang.person.id}
    return await registered_item(cast.office, by=cast.chen, due_on=due_on, state=state, **columns)


@pytest.mark.parametrize(
    ("due_on", "overdue", "due_soon"),
    [
        (MONDAY, 1, 0),  # yesterday
        (TUESDAY, 0, 1),  # today
        (FRIDAY, 0, 1),  # the third working day
        (date(2026, 11, 9), 0, 0),  # the fourth
    ],
)
async def test_own_work_is_overdue_the_day_after_and_soon_for_three_working_days(
    cast, due_on, overdue, due_soon
):
    await a_unit_s_item(cast, due_on=due_on)
    work = await ledger.own_work(cast.wang, today=TUESDAY, calendar=Calendar())
    assert (work.overdue, work.due_soon, work.total) == (overdue, due_soon, 1)


async def test_a_page_of_own_work_that_holds_all_of_it_names_no_next_page(cast):
    for _ in range(3):
        await a_unit_s_item(cast, due_on=FRIDAY)
    whole = await ledger.own_work(cast.wang, today=TUESDAY, calendar=Calendar(), limit=3)
    assert (len(whole.items), whole.cursor) == (3, None)
    first = await ledger.own_work(cast.wang, today=TUESDAY, calendar=Calendar(), limit=2)
    assert (len(first.items), first.cursor) == (2, first.items[1].id)


async def test_pages_of_own_work_meet_every_item_once_also_of_one_day_one_moment_and_none(cast):
    at = datetime.combine(MONDAY, time(9), SHANGHAI)
    for due_on in (MONDAY, FRIDAY, None):
        for registered_at in (at, at, at + timedelta(minutes=1)):
            await a_unit_s_item(cast, due_on=due_on, registered_at=registered_at)
    met, after = [], None
    for _ in range(9):
        work = await ledger.own_work(cast.wang, today=TUESDAY, calendar=Calendar(), after=after, limit=1)
        met += work.items
        after = work.cursor
    assert after is None
    assert len({one.id for one in met}) == 9
    assert [one.due_on for one in met] == [MONDAY] * 3 + [FRIDAY] * 3 + [None] * 3


async def test_on_the_day_of_the_deadline_a_later_one_may_still_be_asked_for(cast):
    await cast.in_progress()
    now, today = cast.now, cast.today
    await LedgerItem.filter(id=cast.item.id).update(due_on=today)
    assert ledger.extension_words(await cast.fresh(), today=today).startswith("确需延期的")
    with pytest.raises(DateNotAhead):
        await cast.step(ledger.ask_extension, cast.wang, until_on=today, reason="雨", now=now)
    await cast.step(ledger.ask_extension, cast.wang, until_on=today + DAY, reason="雨", now=now)


async def test_on_the_day_after_the_deadline_it_is_too_late_to_ask(cast):
    await cast.in_progress()
    now, today = cast.now, cast.today
    await LedgerItem.filter(id=cast.item.id).update(due_on=today - DAY)
    assert ledger.extension_words(await cast.fresh(), today=today).startswith(ExtensionTooLate.message_zh)
    with pytest.raises(ExtensionTooLate):
        await cast.step(ledger.ask_extension, cast.wang, until_on=today + DAY, reason="雨", now=now)


@pytest.mark.parametrize(("late", "is_offered"), [(0, True), (1, False)])
async def test_a_page_offers_a_later_deadline_up_to_the_deadline(cast, late, is_offered):
    item = await cast.in_progress()
    offered = ledger.actions_open_to(
        cast.wang,
        item,
        permissions=await ledger.permissions_reaching(cast.wang, item),
        pending=await ledger.pending_of(item),
        has_open_children=False,
        today=item.due_on + late * DAY,
    )
    assert ("ask_extension" in offered) is is_offered


async def test_the_office_dispatches_for_tomorrow_and_postpones_by_a_day_or_not_at_all(cast):
    now, today = cast.now, cast.today
    item = await cast.dispatched(due_on=today + DAY)
    assert item.due_on == today + DAY
    with pytest.raises(DateNotAhead):
        await cast.step(ledger.postpone, cast.chen, until_on=item.due_on, reason="雨", now=now)
    item = await cast.step(ledger.postpone, cast.chen, until_on=item.due_on + DAY, reason="雨", now=now)
    assert item.due_on == today + 2 * DAY


async def test_an_overdue_item_is_postponed_to_tomorrow_and_not_to_today(cast):
    await cast.dispatched()
    now, today = cast.now, cast.today
    await LedgerItem.filter(id=cast.item.id).update(due_on=today - 3 * DAY)
    with pytest.raises(DateNotAhead):
        await cast.step(ledger.postpone, cast.chen, until_on=today, reason="雨", now=now)
    item = await cast.step(ledger.postpone, cast.chen, until_on=today + DAY, reason="雨", now=now)
    assert item.due_on == today + DAY


async def test_an_item_may_be_looked_at_again_tomorrow_at_the_earliest(cast):
    await cast.in_progress()
    now, tomorrow = cast.now, cast.today + DAY
    wish = {"reason": "跨年度", "now": now}
    with pytest.raises(DateNotAhead):
        await cast.step(ledger.ask_retention, cast.wang, review_on=tomorrow - DAY, **wish)
    await cast.step(ledger.ask_retention, cast.wang, review_on=tomorrow, **wish)
    item = await cast.step(ledger.retain, cast.chen, note="长期", next_review_on=tomorrow, now=now)
    assert item.next_review_on == tomorrow


# Asked for tomorrow, decided today, tomorrow and the day after.
@pytest.mark.parametrize(("waited", "moved_by"), [(0, 0), (1, 1), (2, 2)])
async def test_a_review_that_was_asked_for_is_never_on_the_day_of_the_decision(cast, waited, moved_by):
    await cast.in_progress()
    now, tomorrow = cast.now, cast.today + DAY
    await cast.step(ledger.ask_retention, cast.wang, reason="跨年度", review_on=tomorrow, now=now)
    decided = now + waited * DAY
    item = await cast.step(ledger.decide_retention, cast.luo, approved=True, reply="", now=decided)
    assert item.next_review_on == tomorrow + moved_by * DAY


@pytest.mark.parametrize(("late", "found"), [(-1, 0), (0, 1), (1, 1)])
async def test_a_retained_item_is_on_the_to_do_list_from_its_review_day_on(cast, late, found):
    await cast.in_progress()
    review_on = cast.today + 30 * DAY
    await cast.step(ledger.retain, cast.chen, note="长期", next_review_on=review_on, now=cast.now)
    waiting = ledger.waiting_for(cast.luo, ledger.ToDo.RETENTION, today=review_on + late * DAY)
    assert await LedgerItem.filter(waiting).count() == found


async def test_a_recheck_is_answered_on_its_last_day_and_not_on_the_next(cast, office):
    await cast.closed()
    now, report = cast.now, office.root.id
    await ledger.ask_recheck(cast.item, observation_id=report, now=now)
    asked = await Recheck.get()
    assert asked.until_on == (await calendar()).due(cast.today, 10).on
    last = datetime.combine(asked.until_on, LAST_MOMENT, SHANGHAI)
    answer = {"answer": RecheckAnswer.SOLVED, "text": ""}
    with pytest.raises(RecheckOver):
        await ledger.answer_recheck(report, **answer, now=last + timedelta(microseconds=1))
    assert (await ledger.answer_recheck(report, **answer, now=last)).answer is RecheckAnswer.SOLVED


@pytest.mark.parametrize(("late", "in_time"), [(0, True), (1, False)])
async def test_what_is_closed_on_the_day_of_its_deadline_is_in_time(cast, late, in_time):
    closed = datetime.combine(MONDAY, LAST_MOMENT, SHANGHAI) + late * timedelta(microseconds=1)
    await a_unit_s_item(cast, due_on=MONDAY, state=LedgerState.CLOSED, closed_at=closed)
    year = cast.item.year
    assert (await ledger.summary(cast.chen, year=year, today=FRIDAY)).on_time.in_time == in_time
    assert await count(cast, LedgerView(kept="in_time")) == in_time
    assert await count(cast, LedgerView(kept="late")) == (not in_time)


@pytest.mark.parametrize(
    ("at", "found"),
    [
        (datetime.combine(date(2026, 10, 31), LAST_MOMENT, SHANGHAI), 0),
        (datetime.combine(date(2026, 11, 1), time.min, SHANGHAI), 1),
        (datetime.combine(date(2026, 11, 30), LAST_MOMENT, SHANGHAI), 1),
        (datetime.combine(date(2026, 12, 1), time.min, SHANGHAI), 0),
    ],
)
async def test_a_month_is_from_its_first_to_its_last_moment(cast, at, found):
    await LedgerItem.filter(id=cast.item.id).update(registered_at=at, closed_at=at)
    assert await count(cast, LedgerView(registered_in="2026-11")) == found
    assert await count(cast, LedgerView(closed_in="2026-11")) == found


@pytest.mark.parametrize(
    ("at", "found"),
    [
        (datetime.combine(MONDAY - DAY, LAST_MOMENT, SHANGHAI), 0),
        (datetime.combine(MONDAY, time.min, SHANGHAI), 1),
        (datetime.combine(MONDAY, LAST_MOMENT, SHANGHAI), 1),
        (datetime.combine(TUESDAY, time.min, SHANGHAI), 0),
    ],
)
async def test_a_day_is_from_its_first_to_its_last_moment(cast, at, found):
    await LedgerItem.filter(id=cast.item.id).update(registered_at=at)
    assert await ledger.wanted(cast.chen, LedgerFilter(registered_on=MONDAY)).count() == found


async def test_a_matter_of_an_older_ledger_was_registered_today_at_the_latest(cast, office):
    how = {"office": office.root, "by": cast.chen.person, "now": cast.now}
    new = NewItem("旧账", ObservationKind.PROBLEM)
    today = cast.today
    with pytest.raises(RegisteredAhead):
        await ledger.take_over(OldItem(new=new, registered_on=today + DAY, digest="0" * 64), **how)
    item = await ledger.take_over(OldItem(new=new, registered_on=today, digest="0" * 64), **how)
    assert item.year == today.year


async def count(cast, view):
    return await ledger.count_of(
        cast.chen,
        view,
        also=await ledger.narrowed(view, actor=cast.chen, today=FRIDAY, calendar=await calendar()),
    )
