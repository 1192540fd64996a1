"""When a matter is due for a reminder, by its deadline and the rule's offsets in working days. Pure.

The offset of a day is the number of working days from the deadline to it; on days off it is that of the working day
before, so that nobody is reminded on them. A deadline on a day off therefore counts as due on the working day before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from models.vocabulary import Urgency
from server.kernel.workdays import Calendar
from server.packs import ReminderContent

A_DAY = timedelta(days=1)
ORDER = list(Urgency)


@dataclass(frozen=True)
class Hit:
    """A deadline for which a reminder is due, and the offset it belongs to: the latest, if earlier ones were missed."""

    due_on: date
    offset: int


def offset_of(today: date, due_on: date, *, calendar: Calendar) -> int:
    """Return how many working days a deadline lies back; negative while it is ahead."""
    return -calendar.between(today, due_on)


def latest_scheduled(rule: ReminderContent, *, after: int, upto: int) -> int | None:
    """Return the rule's greatest offset in (after, upto], or None: what was missed collapses into the latest."""
    last = max(rule.offsets)
    if rule.every and upto > last:
        repeated = upto - (upto - last) % rule.every
        if repeated > after:
            return repeated
    return max((offset for offset in rule.offsets if after < offset <= upto), default=None)


def hits(
    rule: ReminderContent, *, today: date, since: date, earliest: date, calendar: Calendar
) -> Iterator[Hit]:
    """Yield the deadlines for which a reminder became due after the day `since`, up to today.

    `earliest` is the oldest open deadline; the days before it are not looked at.
    """
    for due_on, now, before in _offsets(rule, today=today, since=since, earliest=earliest, calendar=calendar):
        offset = latest_scheduled(rule, after=before, upto=now)
        if offset is not None:
            yield Hit(due_on, offset)


def _offsets(
    rule: ReminderContent, *, today: date, since: date, earliest: date, calendar: Calendar
) -> Iterator[tuple[date, int, int]]:
    """Yield (deadline, offset today, offset on the day `since`), counting the working days along the way."""
    passed = calendar.between(since, today)
    day, ahead = today, 0
    while ahead <= -min(*rule.offsets, 0):
        yield day, -ahead, -ahead - passed
        day += A_DAY
        ahead += calendar.is_workday(day)
    day, back = today, 0
    while day > earliest:
        back += calendar.is_workday(day)
        day -= A_DAY
        yield day, back, back - passed


def urgency_of(rule: ReminderContent, offset: int) -> Urgency:
    """Return a reminder's urgency: what the rule says, but never less than its offset demands."""
    by_day = Urgency.OVERDUE if offset > 0 else Urgency.DUE_TODAY if offset == 0 else Urgency.ROUTINE
    return max(rule.urgency, by_day, key=ORDER.index)
