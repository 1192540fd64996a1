"""Loads the office's calendar: announced days from the database, then the libraries."""

from datetime import date
from functools import lru_cache

from models import CalendarDay
from server.kernel.workdays import Announced, Calendar

Row = tuple[date, bool, str]


async def calendar() -> Calendar:
    """Return the current calendar; if two notices name the same day, the one loaded later wins."""
    days = CalendarDay.filter(notice__replaced_at=None).order_by("notice__loaded_at", "notice_id")
    return _made_of(tuple(await days.values_list("day", "is_workday", "note")))


@lru_cache(maxsize=8)  # the same days make the same calendar, which has counted its years already
def _made_of(days: tuple[Row, ...]) -> Calendar:
    return Calendar({day: Announced(is_workday, note) for day, is_workday, note in days})
