"""Computes when an item is due, and why on that day. Pure."""

from dataclasses import dataclass
from datetime import date

from server.kernel.workdays import Calendar, say


@dataclass(frozen=True)
class Due:
    """A deadline as it is kept: the rule (day zero and working days, or a date), the day, and the words."""

    on: date
    words: str
    is_provisional: bool
    from_on: date | None = None
    days: int | None = None


def in_working_days(days: int, *, start: date, calendar: Calendar) -> Due:
    """Return the deadline `days` working days after `start`, which is day zero (domain-and-product §8.2)."""
    found = calendar.due(start, days)
    return Due(found.on, found.words, found.provisional, from_on=start, days=days)


def on_day(day: date, *, calendar: Calendar) -> Due:
    """Return a deadline on a given date; a day off stays the deadline and is named as such."""
    off = "" if calendar.is_workday(day) else "，当天为非工作日"
    return Due(day, f"{say(day)}前{off}", is_provisional=False)


def days_left(due_on: date, *, today: date, calendar: Calendar) -> int:
    """Return the working days from today to the deadline; negative when it is over."""
    return calendar.between(today, due_on)
