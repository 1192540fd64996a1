"""The only code that asks what time it is."""

from datetime import UTC, date, datetime, time
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Tells the time; a test hands in a stopped one."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own time, always with an offset."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def to_the_minute(instant: datetime) -> datetime:
    """An instant without its seconds: what is kept of when people did something that must not tell who they are."""
    return instant.replace(second=0, microsecond=0)


def business_date(instant: datetime) -> date:
    """The office's date of an instant: business days begin and end in Asia/Shanghai."""
    return instant.astimezone(SHANGHAI).date()


def day_of(at: datetime) -> datetime:
    """The beginning of the office's day of an instant, where the hour would tell too much. Pure."""
    return datetime.combine(business_date(at), time.min, SHANGHAI)
