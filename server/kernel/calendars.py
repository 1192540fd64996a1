"""Loads the office's calendar: announced days from the database, then the libraries."""

from models import CalendarDay
from server.kernel.workdays import Announced, Calendar


async def calendar() -> Calendar:
    """Return the current calendar; if two notices name the same day, the one loaded later wins."""
    days = await CalendarDay.filter(notice__replaced_at=None).order_by("notice__loaded_at", "notice_id")
    return Calendar({one.day: Announced(one.is_workday, one.note) for one in days})
