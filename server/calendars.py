"""The office's calendar: announced days from the table, the libraries behind them."""

from models import CalendarDay
from server.workdays import Announced, Calendar


async def calendar() -> Calendar:
    """The calendar as it stands now."""
    days = await CalendarDay.all()
    return Calendar({day.day: Announced(day.is_workday, day.note) for day in days})
