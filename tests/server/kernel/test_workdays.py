"""Working days, with make-up workdays and their reasons (domain-and-product §8.2)."""

from datetime import date

import pytest

from server.kernel.workdays import Announced, Calendar


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2026, 2, 12), 3, date(2026, 2, 24)),
        (date(2026, 9, 29), 5, date(2026, 10, 12)),
        (date(2026, 4, 30), 1, date(2026, 5, 6)),
    ],
)
def test_the_golden_values(start, days, due):
    assert Calendar().due(start, days).on == due


@pytest.mark.parametrize("day", [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)])
def test_the_make_up_workdays_of_2026_are_worked(day):
    assert Calendar().is_workday(date(2026, *day))


def test_the_reason_names_the_holiday():
    assert Calendar().due(date(2026, 9, 29), 5).words == "5个工作日，遇国庆顺延至10月12日（周一）"


def test_a_plain_deadline_names_its_day():
    assert Calendar().due(date(2026, 11, 20), 1).words == "1个工作日，11月23日（周一）前"


def test_a_year_without_a_notice_is_provisional_and_never_an_error():
    due = Calendar().due(date(2027, 2, 3), 3)
    assert due.provisional
    assert "暂定" in due.words


def test_a_loaded_notice_wins_and_is_final():
    spring = {date(2027, 2, day): Announced(False, "春节") for day in (5, 8, 9, 10, 11, 12)}
    notice = {date(2027, 1, 4): Announced(False, "元旦"), date(2027, 1, 9): Announced(True)} | spring
    due = Calendar(notice).due(date(2026, 12, 31), 2)
    assert (due.on, due.provisional) == (date(2027, 1, 5), False)
    assert Calendar(notice).is_workday(date(2027, 1, 9))


def test_a_year_is_known_whole_by_seven_weekdays_off_and_not_by_six():
    days = [date(2031, 10, day) for day in (1, 2, 3, 6, 7, 8, 9)]
    seven = {day: Announced(False, "国庆节") for day in days}
    six = dict(list(seven.items())[:6]) | {date(2031, 10, 4): Announced(False, "国庆节")}  # a Saturday
    assert not Calendar(seven).is_provisional(date(2031, 1, 1))
    assert Calendar(six).is_provisional(date(2031, 1, 1))
    assert not Calendar(six).is_workday(date(2031, 10, 1))


def test_days_named_by_the_next_years_notice_leave_the_rest_of_their_year_alone():
    new_year = {date(2024, 12, 28): Announced(True), date(2024, 12, 30): Announced(False, "元旦")}
    known = Calendar(new_year)
    assert known.is_workday(date(2024, 12, 28))
    assert not known.is_workday(date(2024, 12, 30))
    assert not known.is_workday(date(2024, 10, 1))  # a holiday that the library knows
    assert not known.is_provisional(date(2024, 6, 3))
