"""What people outside the office learn of the time and place of a report: the day, and no coordinates (G9).

The office's own actions keep their minute. The registration and the reporter's answers are dated by day, and a re-check
is not shown before its day is over: people who watch the item must not see the moment. For reporters' answers, even the
office sees only the day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from models import JournalEntry, LedgerItem
from server.kernel.clock import business_date, day_of
from server.people import Actor, Permission, may

RECHECKS = frozenset({"ledger_item.recheck_solved", "ledger_item.recheck_unsolved"})
AFTER_REPORTS = RECHECKS | {"ledger_item.registered", "ledger_item.re_registered"}


@dataclass(frozen=True)
class Dated:
    """An entry with its visible time; with `is_day` the hour is hidden, and `at` is the start of the day."""

    entry: JournalEntry
    at: datetime
    is_day: bool


def sees_sources(actor: Actor) -> bool:
    """Whether the actor may know the minute and the spot of a report. Pure."""
    return may(actor.duties, Permission.SEE_SOURCES)


def registered_as_told(item: LedgerItem, *, to: Actor) -> datetime:
    """Return when an item got its number: to the minute for the office, otherwise the start of the day. Pure."""
    return item.registered_at if sees_sources(to) else day_of(item.registered_at)


def unsolved_as_told(item: LedgerItem, *, to: Actor, today: date) -> date | None:
    """Return the day a reporter found a closed item unsolved; outside the office only once that day is over. Pure."""
    if item.needs_review_since is None:
        return None
    day = business_date(item.needs_review_since)
    return day if sees_sources(to) or day < today else None


def dated(entries: Iterable[JournalEntry], *, to: Actor, today: date) -> list[Dated]:
    """Return an item's entries with the times the actor may see, in the same order. Pure."""
    if sees_sources(to):
        return [_by_day(one) if one.event in RECHECKS else _to_the_minute(one) for one in entries]
    told = [one for one in entries if one.event not in RECHECKS or business_date(one.at) < today]
    return [_by_day(one) if one.event in AFTER_REPORTS else _to_the_minute(one) for one in told]


def _by_day(entry: JournalEntry) -> Dated:
    return Dated(entry, day_of(entry.at), is_day=True)


def _to_the_minute(entry: JournalEntry) -> Dated:
    return Dated(entry, entry.at, is_day=False)
