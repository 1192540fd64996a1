"""When a person may be disturbed: the city's hours without the person's own quiet hours; urgent things always. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from models.vocabulary import Urgency
from server.kernel.clock import SHANGHAI
from server.kernel.workdays import Calendar
from server.notifications.wechat_messages.windows import next_window
from server.packs import QuietHours

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class OwnQuiet:
    """A person's own quiet hours, from a minute of the day until another, perhaps over midnight."""

    starts: int
    ends: int

    def ends_after(self, here: datetime) -> datetime | None:
        """Return the end of the quiet hours that a moment lies in, or None if it lies in none."""
        minute = here.hour * 60 + here.minute
        over_midnight = self.starts > self.ends
        within = (
            minute >= self.starts or minute < self.ends
            if over_midnight
            else self.starts <= minute < self.ends
        )
        if not within:
            return None
        day = here.date() + (A_DAY if over_midnight and minute >= self.starts else timedelta())
        return datetime.combine(day, time(*divmod(self.ends, 60)), SHANGHAI)


def next_free(
    instant: datetime, *, urgency: Urgency, calendar: Calendar, quiet: QuietHours, own: OwnQuiet | None
) -> datetime:
    """Return this instant if the person may be disturbed then, else the next such moment."""
    if urgency is Urgency.URGENT:
        return instant
    moment = next_window(instant, calendar=calendar, quiet=quiet)
    while own and (later := own.ends_after(moment.astimezone(SHANGHAI))):
        moment = next_window(later, calendar=calendar, quiet=quiet)
    return moment
