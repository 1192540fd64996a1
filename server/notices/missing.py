"""Finding the year whose notice is missing: an alarm on the console from 1 December on (design D9)."""

from datetime import date

from models import CalendarNotice
from server.kernel.workdays import Calendar

ALARM_FROM = (12, 1)


def missing_year(today: date, *, calendar: Calendar) -> int | None:
    """Return this year or, from 1 December, the next, if no notice and no library knows its days; else None. Pure."""
    if calendar.is_provisional(today):
        return today.year
    is_time = (today.month, today.day) >= ALARM_FROM
    if is_time and calendar.is_provisional(date(today.year + 1, 1, 1)):
        return today.year + 1
    return None


async def notices() -> list[CalendarNotice]:
    """Return every loaded notice, newest first."""
    return await CalendarNotice.all().order_by("-loaded_at").select_related("loaded_by")
