"""Working days of the Chinese calendar, with make-up workdays (调休), explained in words. Pure.

Order of precedence: announced days (our own table) → chinesecalendar where it covers the year → weekday and the
`holidays` package's estimate, flagged provisional. A year without a notice is never an error (design D9).
"""

from calendar import isleap
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import accumulate

import chinese_calendar
import holidays

HOLIDAY_NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}
WEEKDAYS = "一二三四五六日"
SATURDAY = 5
# Weekdays off in a year; a notice with fewer is a supplement and doesn't describe the rest of the year.
LEAST_HOLIDAYS = 7


@dataclass(frozen=True)
class Announced:
    """A day of our own table: whether it is a workday, and the holiday it belongs to."""

    is_workday: bool
    note: str = ""


@dataclass(frozen=True)
class Deadline:
    """A due date with its reason; `provisional` while the year's notice is missing."""

    on: date
    words: str
    provisional: bool


class Calendar:
    """Working days by the given announced days, then by the libraries."""

    def __init__(self, announced: Mapping[date, Announced] | None = None) -> None:
        self._announced = announced or {}
        self._years = whole_years(self._announced)
        self._sums: dict[int, list[int]] = {}  # by year: working days up to and including each of its days

    def is_workday(self, day: date) -> bool:
        """Whether the office works on a day."""
        if day in self._announced:
            return self._announced[day].is_workday
        if day.year in self._years:
            return day.weekday() < SATURDAY
        return _is_worked(day)

    def is_provisional(self, day: date) -> bool:
        """Whether the year of a day has no official notice yet."""
        return day.year not in self._years and not _is_covered(day.year)

    def holiday(self, day: date) -> str:
        """Return the name of the holiday on a day off, or an empty text."""
        if day in self._announced:
            return "" if self._announced[day].is_workday else self._announced[day].note
        if day.year in self._years or not _is_covered(day.year):
            return "" if day.year in self._years else _estimated_name(day)
        off, name = chinese_calendar.get_holiday_detail(day)
        return HOLIDAY_NAMES.get(name, "节假日") if off and name else ""

    def between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and including `end`; negative if `end` is earlier."""
        if end < start:
            return -self.between(end, start)
        whole_years = sum(self._worked(date(year, 12, 31)) for year in range(start.year, end.year))
        return whole_years + self._worked(end) - self._worked(start)

    def _worked(self, day: date) -> int:
        """Count the working days of a day's year up to and including it; each year is counted once."""
        if day.year not in self._sums:
            first, days = date(day.year, 1, 1), range(366 if isleap(day.year) else 365)
            self._sums[day.year] = list(
                accumulate(int(self.is_workday(first + timedelta(days=one))) for one in days)
            )
        return self._sums[day.year][day.timetuple().tm_yday - 1]

    def due(self, start: date, days: int) -> Deadline:
        """Return the date `days` working days after `start` (day zero), with its explanation."""
        day, left, passed = start, days, []
        while left:
            day += timedelta(days=1)
            if self.is_workday(day):
                left -= 1
            elif (name := self.holiday(day)) and name not in passed:
                passed.append(name)
        provisional = self.is_provisional(day)
        words = f"{days}个工作日"
        words += f"，遇{'、'.join(passed)}顺延至{say(day)}" if passed else f"，{say(day)}前"
        words += "（该年度放假安排尚未公布，日期为暂定）" if provisional else ""
        return Deadline(day, words, provisional)


def time_left(today: date, due_on: date, *, calendar: Calendar) -> str:
    """Say in working days how much time is left until a deadline, or how long it is over. Pure."""
    left = calendar.between(today, due_on)
    if due_on < today:
        return f"已逾期{-left}个工作日" if left else "已过期限"
    if due_on == today:
        return "今天到期"
    return f"还剩{left}个工作日" if left else f"{say(due_on)}到期，请提前办好"


def whole_years(announced: Mapping[date, Announced]) -> frozenset[int]:
    """Return the years that the announced days describe completely.

    A notice also names days of the year before, and a supplement names only a few days: such days win on their dates
    but say nothing about the rest of their year.
    """
    off = Counter(
        day.year for day, one in announced.items() if not one.is_workday and day.weekday() < SATURDAY
    )
    return frozenset(year for year, days in off.items() if days >= LEAST_HOLIDAYS)


def say(day: date) -> str:
    """Format a date as people say it: 10月12日（周一）."""
    return f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


@lru_cache(maxsize=4096)  # the library searches all its years for each day
def _is_worked(day: date) -> bool:
    if _is_covered(day.year):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5 and day not in _estimate(day.year)


@cache
def _is_covered(year: int) -> bool:
    try:
        chinese_calendar.is_workday(date(year, 12, 31))
    except NotImplementedError:
        return False
    return True


@cache
def _estimate(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("CN", years=year, language="zh_CN")


def _estimated_name(day: date) -> str:
    name = _estimate(day.year).get(day)
    return str(name).split(";")[0].replace("（补假）", "").replace("农历除夕", "春节") if name else ""
