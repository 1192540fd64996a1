"""Loading a notice: its days win over every library, and open deadlines are computed anew from its entry."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from models import CalendarDay, CalendarNotice
from server import journal
from server.people import Act, Visitor
from server.refusal import Refusal
from server.work import deed

WEEKEND = 5
LEAST_HOLIDAYS = 7  # days off on weekdays in a year; a shorter list is a slip


class NoticeIncomplete(Refusal):
    """The days can't be a whole year's notice; each failing point is named."""

    status = 422
    message_zh = "放假安排不完整或有误。"
    hint_zh = "请对照国务院办公厅通知逐日核对后重新录入。"


class AnnouncedDay(Struct, frozen=True, forbid_unknown_fields=True):
    """A weekday off, or a weekend day worked, and the holiday it belongs to."""

    day: date
    is_workday: bool
    note: Annotated[str, Meta(min_length=1, max_length=40)]


@deed
async def load_notice(
    year: int, days: Sequence[AnnouncedDay], *, source: str, by: Visitor, now: datetime
) -> CalendarNotice:
    """Write a year's announced days in place of an earlier notice; the entry makes open clocks recompute.

    Raises NoticeIncomplete naming days of other years, doubles, and days that change nothing.
    """
    by.reaches(Act.LOAD_CALENDAR)
    faults = faults_of(year, days)
    if faults:
        raise NoticeIncomplete(fields=[{"field": "days", "message_zh": fault} for fault in faults])
    await CalendarDay.filter(day__gte=date(year, 1, 1), day__lte=date(year, 12, 31)).delete()
    await CalendarDay.bulk_create(
        CalendarDay(day=one.day, is_workday=one.is_workday, note=one.note, source=source) for one in days
    )
    notice = await CalendarNotice.create(year=year, source=source, loaded_by=by.person, loaded_at=now)
    await journal.record("calendar_notice.loaded", notice, by=by.person, year=year, source=source)
    return notice


def faults_of(year: int, days: Sequence[AnnouncedDay]) -> list[str]:
    """What makes the days no whole notice of a year, in words; empty when they can be loaded."""
    faults = [f"{one.day}不在{year}年。" for one in days if one.day.year != year]
    seen: set[date] = set()
    for one in days:
        if one.day in seen:
            faults.append(f"{one.day}重复。")
        seen.add(one.day)
        if one.is_workday and one.day.weekday() < WEEKEND:
            faults.append(f"{one.day}本来就是工作日，不用作为调休上班日录入。")
    if sum(not one.is_workday and one.day.weekday() < WEEKEND for one in days) < LEAST_HOLIDAYS:
        faults.append("工作日中的放假天数太少，像是没有录全。")
    return faults
