"""Moments: when a reminder leaves the inbox, when the next channel is due, and working hours. Pure."""

from datetime import datetime, time, timedelta

from models.vocabulary import Urgency
from server.kernel.clock import SHANGHAI
from server.kernel.workdays import Calendar

MORNING = time(8, 30)
DAY = ((time(8, 30), time(12, 0)), (time(14, 30), time(18, 0)))  # an office's hours; seven in all
A_DAY = timedelta(days=1)

# How long a message may stay unread before the next channel is tried.
WAITS = {
    Urgency.ROUTINE: timedelta(hours=24),
    Urgency.DUE_TODAY: timedelta(hours=2),
    Urgency.OVERDUE: timedelta(hours=4),
    Urgency.LETTER: timedelta(hours=2),
    Urgency.URGENT: timedelta(minutes=30),
}


def first_moment(urgency: Urgency, now: datetime, *, calendar: Calendar) -> datetime:
    """Return when a reminder leaves the inbox unless it was read: at 8:30 with the others, urgent ones at once."""
    if urgency is Urgency.URGENT:
        return now
    here = now.astimezone(SHANGHAI)
    if calendar.is_workday(here.date()) and here.time() >= MORNING and urgency is not Urgency.ROUTINE:
        return now
    day = here.date() if here.time() < MORNING else here.date() + A_DAY
    while not calendar.is_workday(day):
        day += A_DAY
    return datetime.combine(day, MORNING, SHANGHAI)


def after_working_hours(instant: datetime, hours: int, *, calendar: Calendar) -> datetime:
    """Return the moment at which `hours` of the office's hours have passed since an instant."""
    left, here = timedelta(hours=hours), instant.astimezone(SHANGHAI)
    day = here.date()
    while True:
        for opens, closes in DAY if calendar.is_workday(day) else ():
            start = max(here, datetime.combine(day, opens, SHANGHAI))
            end = datetime.combine(day, closes, SHANGHAI)
            if end <= start:
                continue
            if end - start >= left:
                return start + left
            left -= end - start
        day += A_DAY
