"""When reminders are due: offsets in working days, across holidays, make-up Saturdays, year ends and missed days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.vocabulary import Recipient, Urgency
from server.kernel.workdays import Announced, Calendar, time_left
from server.packs import ReminderContent
from server.reminders.planning import Hit, hits, latest_scheduled, offset_of, urgency_of

CALENDAR = Calendar()
USUAL = ReminderContent(
    offsets=[-7, -3, -1, 0, 1], every=3, to=[Recipient.COMMISSIONER], title="事项{时限}", body="{编号}"
)
DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))


def due(today, *, since=None, rule=USUAL, earliest=date(2020, 1, 1), calendar=CALENDAR):
    found = hits(
        rule, today=today, since=since or today - timedelta(days=1), earliest=earliest, calendar=calendar
    )
    return {hit.due_on: hit.offset for hit in found}


def runs(due_on, first, last, *, rule=USUAL, calendar=CALENDAR):
    """Run the planner on every day from `first` to `last` and return {day: offset} of one deadline."""
    found, day = {}, first
    while day <= last:
        if (offset := due(day, rule=rule, calendar=calendar).get(due_on)) is not None:
            found[day] = offset
        day += timedelta(days=1)
    return found


def test_a_deadline_is_told_seven_three_and_one_days_before_on_the_day_one_after_and_every_three():
    due_on = date(2026, 11, 25)  # a Wednesday
    assert runs(due_on, date(2026, 11, 1), date(2026, 12, 9)) == {
        date(2026, 11, 16): -7,
        date(2026, 11, 20): -3,
        date(2026, 11, 24): -1,
        date(2026, 11, 25): 0,
        date(2026, 11, 26): 1,
        date(2026, 12, 1): 4,
        date(2026, 12, 4): 7,
        date(2026, 12, 9): 10,
    }


def test_national_day_and_its_make_up_saturday_are_counted_as_the_office_works():
    due_on = date(2026, 10, 12)  # a Monday; 10 October is a worked Saturday
    found = runs(due_on, date(2026, 9, 20), date(2026, 10, 13))
    assert found == {
        date(2026, 9, 24): -7,  # 25 September is Mid-Autumn
        date(2026, 10, 8): -3,
        date(2026, 10, 10): -1,
        date(2026, 10, 12): 0,
        date(2026, 10, 13): 1,
    }


def test_over_the_year_end_nothing_is_lost():
    found = runs(date(2027, 1, 4), date(2026, 12, 20), date(2027, 1, 8))
    assert list(found.values()) == [-7, -3, -1, 0, 1, 4]


def test_a_deadline_on_a_day_off_is_told_on_the_working_day_before():
    saturday = date(2026, 11, 28)
    found = runs(saturday, date(2026, 11, 26), date(2026, 11, 30))
    assert found == {date(2026, 11, 26): -1, date(2026, 11, 27): 0, date(2026, 11, 30): 1}


def test_a_notice_that_moves_days_off_moves_the_reminders():
    friday_off = Calendar({date(2026, 11, 27): Announced(False, "调休")})
    assert due(date(2026, 11, 26), calendar=friday_off)[date(2026, 11, 30)] == -1
    assert due(date(2026, 11, 27), calendar=friday_off) == {}


def test_missed_days_collapse_into_the_latest_offset():
    due_on = date(2026, 11, 25)
    assert due(date(2026, 11, 24), since=date(2026, 11, 13))[due_on] == -1, "of −7, −3 and −1 only the last"
    assert due(date(2026, 12, 8), since=date(2026, 11, 13))[due_on] == 7
    assert due_on not in due(date(2026, 11, 23), since=date(2026, 11, 20))


@pytest.mark.parametrize(
    ("after", "upto", "offset"),
    [
        (-8, -8, None),
        (-8, -7, -7),
        (-7, -6, None),
        (0, 1, 1),
        (1, 2, None),
        (1, 3, None),
        (1, 4, 4),
        (4, 9, 7),
    ],
)
def test_the_latest_offset_of_a_span(after, upto, offset):
    assert latest_scheduled(USUAL, after=after, upto=upto) == offset


def test_a_rule_without_repetition_ends_with_its_last_offset():
    once = ReminderContent(offsets=[0], to=[Recipient.MEMBER], title="任务", body="{编号}")
    assert runs(date(2026, 11, 25), date(2026, 11, 20), date(2026, 12, 20), rule=once) == {
        date(2026, 11, 25): 0
    }


@given(due_on=DAYS, today=DAYS, missed=st.integers(1, 20))
def test_the_days_found_are_those_whose_offset_is_scheduled(due_on, today, missed):
    since = today - timedelta(days=missed)
    now, before = (offset_of(day, due_on, calendar=CALENDAR) for day in (today, since))
    assert due(today, since=since).get(due_on) == latest_scheduled(USUAL, after=before, upto=now)


def test_older_deadlines_than_the_oldest_open_one_are_not_looked_at():
    found = due(date(2026, 11, 26), earliest=date(2026, 11, 25))
    assert min(found) == date(2026, 11, 25)
    assert list(
        hits(
            USUAL,
            today=date(2026, 11, 26),
            since=date(2026, 11, 25),
            earliest=date(2026, 11, 25),
            calendar=CALENDAR,
        )
    )[-1] == Hit(date(2026, 11, 25), 1)


@pytest.mark.parametrize(
    ("offset", "urgency"), [(-1, Urgency.ROUTINE), (0, Urgency.DUE_TODAY), (1, Urgency.OVERDUE)]
)
def test_urgency_grows_with_the_offset(offset, urgency):
    assert urgency_of(USUAL, offset) is urgency


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2026, 11, 23), "还剩2个工作日"),
        (date(2026, 11, 25), "今天到期"),
        (date(2026, 11, 26), "已逾期1个工作日"),
    ],
)
def test_the_time_left_in_words(today, words):
    assert time_left(today, date(2026, 11, 25), calendar=CALENDAR) == words


def test_a_deadline_on_a_day_off_in_words():
    saturday = date(2026, 11, 28)
    assert time_left(date(2026, 11, 27), saturday, calendar=CALENDAR) == "11月28日（周六）到期，请提前办好"
    assert time_left(date(2026, 11, 29), saturday, calendar=CALENDAR) == "已过期限"
