"""Working days, with make-up workdays and their reasons (domain-and-product §8.2)."""

from datetime import date

import pytest

from server.workdays import Announced, Calendar


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
    notice = {date(2027, 1, 4): Announced(False, "元旦"), date(2027, 1, 9): Announced(True)}
    due = Calendar(notice).due(date(2026, 12, 31), 2)
    assert (due.on, due.provisional) == (date(2027, 1, 5), False)
    assert Calendar(notice).is_workday(date(2027, 1, 9))
