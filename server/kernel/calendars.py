"""The office's calendar: announced days from the table, the libraries behind them."""

from models import CalendarDay
from server.kernel.workdays import Announced, Calendar


async def calendar() -> Calendar:
    """The calendar as it stands now: of two notices that name a day, the one loaded later counts."""
    days = await CalendarDay.filter(notice__replaced_at=None).order_by("notice__loaded_at", "notice_id")
    return Calendar({one.day: Announced(one.is_workday, one.note) for one in days})
