"""The clock: the only code that reads the current time."""

from datetime import UTC, date, datetime, time
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Tells the time; tests pass in a stopped one."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own time, always with an offset."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def to_the_minute(instant: datetime) -> datetime:
    """Cut an instant to the minute, so that the time of an action can't identify a person."""
    return instant.replace(second=0, microsecond=0)


def business_date(instant: datetime) -> date:
    """Return the office's date of an instant: business days begin and end in Asia/Shanghai."""
    return instant.astimezone(SHANGHAI).date()


def day_of(at: datetime) -> datetime:
    """Return the start of the office's day, for places where the hour would reveal too much. Pure."""
    return datetime.combine(business_date(at), time.min, SHANGHAI)
