"""A notice is pasted as lines: what is a day, and what needs another look."""

from datetime import date

import pytest

from server.kernel.calendars import calendar
from server.kernel.workdays import Announced, Calendar
from server.notices import AnnouncedDay, known_years, read_pasted, sheet_of


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("2027-01-01 休 元旦", [AnnouncedDay(date(2027, 1, 1), False, "元旦")]),
        ("2027-01-09 班", [AnnouncedDay(date(2027, 1, 9), True, "调休上班")]),
        ("2027/1/9\t上班\t元旦调休", [AnnouncedDay(date(2027, 1, 9), True, "元旦调休")]),
        ("1月1日（周五） 放假 元旦", [AnnouncedDay(date(2027, 1, 1), False, "元旦")]),
        (
            "2027年1月1日至1月3日，休，元旦",
            [AnnouncedDay(date(2027, 1, day), False, "元旦") for day in (1, 2, 3)],
        ),
        ("2027-01-01至2027-01-02 休 元旦", [AnnouncedDay(date(2027, 1, d), False, "元旦") for d in (1, 2)]),
        ("", []),
    ],
)
def test_a_line_names_a_day_or_a_span(line, days):
    read = read_pasted(line, year=2027)
    assert (read.days, read.faults) == (days, [])


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("元旦放假三天", "看不懂这一行"),
        ("2027-02-30 休 春节", "没有这一天"),
        ("2027-01-01 开 元旦", "不是“休”或“班”"),
        ("2027-01-03至2027-01-01 休 元旦", "起止日期不对"),
        ("2027-01-01至2027-12-31 休 元旦", "起止日期不对"),
        ("2027-01-01 休", "要写明节日"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_with_its_number(line, why):
    read = read_pasted(f"\n{line}\n", year=2027)
    assert read.days == []
    assert [(fault.line, why in fault.why) for fault in read.faults] == [(2, True)]


def test_endless_lines_are_not_read():
    read = read_pasted("2027-01-01 休 元旦\n" * 5000, year=2027)
    assert len(read.days) == 200
    assert len(read.faults) == 1


def test_a_years_sheet_shows_holidays_and_days_worked_in_exchange():
    known = Calendar({date(2027, 1, 1): Announced(False, "元旦"), date(2027, 1, 9): Announced(True)})
    january = {one.day.day: one for week in sheet_of(2027, calendar=known)[0] for one in week if one}
    assert len(january) == 31
    assert [january[day].kind for day in (1, 2, 4, 9)] == ["off", "weekend", "plain", "worked"]
    assert january[1].note == "元旦"


async def test_the_years_around_today_are_listed_with_what_is_known(office):
    found = await known_years(date(2026, 11, 22), calendar=await calendar())
    assert [(one.year, one.is_provisional) for one in found] == [(2027, True), (2026, False), (2025, False)]
