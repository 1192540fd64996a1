"""Periods: the month, quarter or year that an obligation is of. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from models.vocabulary import CadencePeriod as P

MONTHS = {P.MONTH: 1, P.QUARTER: 3, P.YEAR: 12}
QUARTERS = "一二三四"
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """One period by its first and last day."""

    starts_on: date
    due_on: date


def span_of(period: P, day: date) -> Span:
    """Return the period that a day lies in."""
    months = MONTHS[period]
    first = (day.month - 1) // months * months + 1
    after = first + months
    ends = date(day.year + (after > 12), (after - 1) % 12 + 1, 1) - A_DAY
    return Span(date(day.year, first, 1), ends)


def spans_between(period: P, since: date, until: date) -> Iterator[Span]:
    """Yield the periods that begin after the day `since`, up to `until`, and the one that `until` lies in."""
    last = span_of(period, until)
    one = span_of(period, since)
    while one != last:
        one = span_of(period, one.due_on + A_DAY)
        yield one
    if since >= last.starts_on:
        yield last


def words_of(period: P | None, starts_on: date) -> str:
    """Name a period as an office does: 2026年11月, 2026年第四季度, 2026年."""
    match period:
        case P.MONTH:
            return f"{starts_on.year}年{starts_on.month}月"
        case P.QUARTER:
            return f"{starts_on.year}年第{QUARTERS[(starts_on.month - 1) // 3]}季度"
        case P.YEAR:
            return f"{starts_on.year}年"
    return "一次"
