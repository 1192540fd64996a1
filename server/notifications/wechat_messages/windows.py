"""When people may be disturbed: on working days outside the city's quiet hours, for minor things in the morning.

REM-04, 05. Pure.
"""

from datetime import date, datetime, time, timedelta

from server.kernel.clock import SHANGHAI
from server.kernel.workdays import Calendar
from server.packs import QuietHours

MORNING = time(8, 30)
A_DAY = timedelta(days=1)


def next_window(instant: datetime, *, calendar: Calendar, quiet: QuietHours) -> datetime:
    """Return this instant if it lies in a window, else the start of the next one."""
    opens, closes = quiet.ends, quiet.starts
    here = instant.astimezone(SHANGHAI)
    if calendar.is_workday(here.date()) and opens <= here.time() < closes:
        return instant
    day = here.date() if here.time() < opens else here.date() + A_DAY
    return datetime.combine(_workday(day, calendar=calendar), opens, SHANGHAI)


def next_morning(instant: datetime, *, calendar: Calendar) -> datetime:
    """Return the first 8:30 of a working day after this instant."""
    here = instant.astimezone(SHANGHAI)
    day = here.date() if here.time() < MORNING else here.date() + A_DAY
    return datetime.combine(_workday(day, calendar=calendar), MORNING, SHANGHAI)


def _workday(day: date, *, calendar: Calendar) -> date:
    while not calendar.is_workday(day):
        day += A_DAY
    return day
