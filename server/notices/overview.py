"""An overview of the known years, and the days of one year."""

import calendar as months
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models import CalendarNotice
from server.kernel.workdays import Calendar
from server.notices.missing import notices

WEEKEND = 5


class Kind(StrEnum):
    """The kinds of day on the sheet: a usual workday, a usual weekend, off for a holiday, worked in exchange."""

    PLAIN = "plain"
    WEEKEND = "weekend"
    OFF = "off"
    WORKED = "worked"


@dataclass(frozen=True)
class KnownYear:
    """A year, the notice the office loaded for it if any, and whether its days are still an estimate."""

    year: int
    notice: CalendarNotice | None
    is_provisional: bool


@dataclass(frozen=True)
class SheetDay:
    """A day on a year's sheet; `note` names the holiday."""

    day: date
    kind: Kind
    note: str = ""


async def known_years(today: date, *, calendar: Calendar) -> list[KnownYear]:
    """Return last year, this one and the next, and every other loaded year, newest first."""
    newest: dict[int, CalendarNotice] = {}
    for notice in await notices():
        if notice.replaced_at is None:
            newest.setdefault(notice.year, notice)
    years = {today.year - 1, today.year, today.year + 1} | set(newest)
    return [
        KnownYear(year, newest.get(year), calendar.is_provisional(date(year, 1, 1)))
        for year in sorted(years, reverse=True)
    ]


def sheet_of(year: int, *, calendar: Calendar) -> list[list[list[SheetDay | None]]]:
    """Return twelve months of weeks of seven days, Monday first; None where a day belongs to another month."""
    weeks = months.Calendar().monthdatescalendar
    return [
        [
            [_shown(day, calendar) if day.month == month else None for day in week]
            for week in weeks(year, month)
        ]
        for month in range(1, 13)
    ]


def _shown(day: date, calendar: Calendar) -> SheetDay:
    is_weekend = day.weekday() >= WEEKEND
    if calendar.is_workday(day):
        return SheetDay(day, Kind.WORKED if is_weekend else Kind.PLAIN)
    name = calendar.holiday(day)
    if name or not is_weekend:
        return SheetDay(day, Kind.OFF, name)
    return SheetDay(day, Kind.WEEKEND)
