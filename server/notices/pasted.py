"""Parsing a pasted notice: one line per day or span of days, such as `2027-01-01 休 元旦`. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from server.notices.loading import AnnouncedDay

MOST_LINES = 200
LONGEST_SPAN = 15  # days; the longest holiday so far had nine
LONGEST_NOTE = 40
WORKED, OFF = {"班", "上班", "补班", "调休", "调休上班"}, {"休", "放假", "休息", "假"}
DAY = r"(?:(?P<year{n}>\d{{4}})[-/.年])?(?P<month{n}>\d{{1,2}})[-/.月](?P<day{n}>\d{{1,2}})日?"
LINE = re.compile(
    DAY.format(n=1)
    + r"(?:\s*(?:至|到|~|～|—+|-)\s*"
    + DAY.format(n=2)
    + r")?(?:\s*[（(][^）)]*[）)])?[\s,，:：]*(?P<what>[^\s,，]+)[\s,，]*(?P<note>.*)"
)


@dataclass(frozen=True)
class Fault:
    """A line that could not be read, and why; `line` counts from 1."""

    line: int
    text: str
    why: str


@dataclass(frozen=True)
class Pasted:
    """The days that were read, and the lines that need another look."""

    days: list[AnnouncedDay]
    faults: list[Fault]


def read_pasted(text: str, *, year: int) -> Pasted:
    """Return the days a text names, one per line; a date without a year belongs to `year`, empty lines are ignored.

    A line is a date or `date至date`, 休 or 班, and the holiday's name; cells copied from a sheet work too.
    """
    days: list[AnnouncedDay] = []
    faults: list[Fault] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        if number > MOST_LINES:
            faults.append(Fault(number, line[:60], f"一次最多读{MOST_LINES}行。"))
            break
        found = _read(line.strip(), year=year)
        if isinstance(found, str):
            faults.append(Fault(number, line.strip()[:60], found))
        else:
            days += found
    return Pasted(days, faults)


def _read(line: str, *, year: int) -> list[AnnouncedDay] | str:
    """Return the days of a line, or why there are none."""
    match = LINE.fullmatch(line)
    if not match:
        return "看不懂这一行，请写成“2027-01-01 休 元旦”。"
    what, note = match["what"], match["note"].strip()[:LONGEST_NOTE]
    if what not in WORKED | OFF:
        return f"“{what[:10]}”不是“休”或“班”。"
    first, last = _day(match, "1", year=year), _day(match, "2", year=year)
    if first is None or (match["day2"] and last is None):
        return "没有这一天，请核对日期。"
    last = last or first
    if not 0 <= (last - first).days < LONGEST_SPAN:
        return f"起止日期不对：后一天不能早于前一天，一段最多{LONGEST_SPAN}天。"
    if what in OFF and not note:
        return "放假要写明节日，例如“元旦”。"
    return [AnnouncedDay(day, what in WORKED, note or "调休上班") for day in _span(first, last)]


def _day(match: re.Match[str], which: str, *, year: int) -> date | None:
    if not match[f"day{which}"]:
        return None
    try:
        return date(
            int(match[f"year{which}"] or match["year1"] or year),
            int(match[f"month{which}"]),
            int(match[f"day{which}"]),
        )
    except ValueError:
        return None


def _span(first: date, last: date) -> Iterator[date]:
    for step in range((last - first).days + 1):
        yield first + timedelta(days=step)
