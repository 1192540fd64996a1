"""Previewing a notice: the resulting calendar, the days that change, and what deserves a second look."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tortoise.expressions import Q

from models import CalendarDay
from server.kernel.workdays import SATURDAY, Announced, Calendar
from server.notices.loading import AnnouncedDay

WORDS = {True: "上班", False: "放假"}


@dataclass(frozen=True)
class Foreseen:
    """The resulting calendar and, in words, which days change and what deserves a second look."""

    calendar: Calendar
    changes: list[str]
    cautions: list[str]


async def foresee(year: int, days: Sequence[AnnouncedDay], *, source: str) -> Foreseen:
    """Return what `load_notice` would do with the same days; writes nothing."""
    living = CalendarDay.filter(notice__replaced_at=None).order_by("notice__loaded_at")
    before = await living
    kept = await living.filter(Q(notice__year__not=year) | Q(notice__source__not=source))
    now, then = calendar_of(before), calendar_of([*kept, *days])
    touched = sorted({one.day for one in before} | {one.day for one in days})
    changes = [
        f"{day}由{WORDS[now.is_workday(day)]}改为{WORDS[then.is_workday(day)]}"
        for day in touched
        if now.is_workday(day) is not then.is_workday(day)
    ]
    return Foreseen(then, changes, cautions_of(year, days, calendar=then))


def calendar_of(days: Iterable[AnnouncedDay | CalendarDay]) -> Calendar:
    """Return the calendar that announced days make; later ones win over earlier ones."""
    return Calendar({one.day: Announced(one.is_workday, one.note) for one in days})


def cautions_of(year: int, days: Sequence[AnnouncedDay], *, calendar: Calendar) -> list[str]:
    """Return what deserves a second look in loadable days; `calendar` is the one they would make."""
    cautions = []
    if calendar.is_provisional(date(year, 1, 1)):
        cautions.append(
            f"工作日中的放假天数太少，不像全年的安排：{year}年其余的日子仍按历法推算，期限仍是暂定。"
        )
    if other := sorted({one.day for one in days if one.day.year != year}):
        cautions.append(f"{_list(other)}不在{year}年，录入后在各自的年份生效。")
    if plain := sorted({one.day for one in days if one.is_workday and one.day.weekday() < SATURDAY}):
        cautions.append(f"{_list(plain)}本来就是工作日，照通知录入没有影响。")
    return cautions


def _list(days: Iterable[date]) -> str:
    return "、".join(map(str, days))
