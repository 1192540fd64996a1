"""Months as consecutive numbers, in the office's time zone. Pure."""

from datetime import date, datetime

from server.kernel.clock import business_date


def month_of(day: date) -> int:
    """Return the number of a day's month: 2026-11 is 24322."""
    return day.year * 12 + day.month - 1


def months_between(since: date, until: datetime) -> range:
    """Return the months from a day to an instant, both included."""
    return range(month_of(since), month_of(business_date(until)) + 1)
