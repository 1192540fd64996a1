"""Personal calendars as iCalendar text (RFC 5545), written by the icalendar library."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event


@dataclass(frozen=True)
class Entry:
    """A day in a calendar; `key` stays the same while the matter does, so that a moved day moves in the calendar."""

    key: str
    day: date
    title: str
    words: str = ""


def written(entries: Iterable[Entry], *, name: str, at: datetime) -> bytes:
    """Return a calendar of whole days, each with an alarm-free event."""
    calendar = Calendar()
    calendar.add("prodid", "-//duchatong//reminders//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval;value=duration", "PT1H")
    for one in entries:
        event = Event()
        event.add("uid", f"{one.key}@duchatong")
        event.add("dtstamp", at)
        event.add("dtstart", one.day)
        event.add("dtend", one.day + timedelta(days=1))
        event.add("summary", one.title)
        if one.words:
            event.add("description", one.words)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
