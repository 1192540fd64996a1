"""What people outside the office may know of when and where somebody reported: the day, and no spot (G9).

The office's own deeds keep their minute. The number that a report was given and what a reporter answered are told
by the day, and a re-check not before its day is over: who watches the item must not see the moment. The office itself
reads of what a reporter answered the day, too.
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
    """A deed with the time it is told at; `is_day` if the hour is not told, and `at` is the day's beginning."""

    entry: JournalEntry
    at: datetime
    is_day: bool


def sees_sources(actor: Actor) -> bool:
    """Whether somebody may know at what minute and spot a matter was reported. Pure."""
    return may(actor.duties, Permission.SEE_SOURCES)


def registered_as_told(item: LedgerItem, *, to: Actor) -> datetime:
    """When an item got its number: to the minute for the office, else the beginning of the day. Pure."""
    return item.registered_at if sees_sources(to) else day_of(item.registered_at)


def unsolved_as_told(item: LedgerItem, *, to: Actor, today: date) -> date | None:
    """The day on which a reporter saw a closed item unsolved; outside the office not before that day is over. Pure."""
    if item.needs_review_since is None:
        return None
    day = business_date(item.needs_review_since)
    return day if sees_sources(to) or day < today else None


def dated(entries: Iterable[JournalEntry], *, to: Actor, today: date) -> list[Dated]:
    """An item's deeds as somebody is told them, in the same order. Pure."""
    if sees_sources(to):
        return [_by_day(one) if one.event in RECHECKS else _to_the_minute(one) for one in entries]
    told = [one for one in entries if one.event not in RECHECKS or business_date(one.at) < today]
    return [_by_day(one) if one.event in AFTER_REPORTS else _to_the_minute(one) for one in told]


def _by_day(entry: JournalEntry) -> Dated:
    return Dated(entry, day_of(entry.at), is_day=True)


def _to_the_minute(entry: JournalEntry) -> Dated:
    return Dated(entry, entry.at, is_day=False)
