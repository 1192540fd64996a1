"""Loading a notice: its days win over every library, and open deadlines are recomputed from its journal entry."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from models import CalendarDay, CalendarNotice
from server import journal
from server.kernel.refusal import Refusal
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor, Permission


class NoticeIncomplete(Refusal):
    """The days can't form a notice; each problem is named."""

    status = 422
    message_zh = "放假安排不完整或有误。"
    hint_zh = "请对照国务院办公厅通知逐日核对后重新录入。"


class AnnouncedDay(Struct, frozen=True, forbid_unknown_fields=True):
    """A day off or a make-up workday, and the holiday it belongs to."""

    day: date
    is_workday: bool
    note: Annotated[str, Meta(min_length=1, max_length=40)]


@unit_of_work
async def load_notice(
    year: int, days: Sequence[AnnouncedDay], *, source: str, by: Actor, now: datetime
) -> CalendarNotice:
    """Store the days of a notice; its journal entry makes open clocks recompute.

    Loading the same notice (year and source) again replaces its earlier days; other notices stay and give way only
    on days that both name. Raises NoticeIncomplete for days that no notice can hold.
    """
    by.reaches(Permission.LOAD_CALENDAR)
    faults = faults_of(year, days)
    if faults:
        raise NoticeIncomplete(fields=[{"field": "days", "message_zh": fault} for fault in faults])
    await CalendarNotice.filter(year=year, source=source, replaced_at=None).update(replaced_at=now)
    notice = await CalendarNotice.create(year=year, source=source, loaded_by=by.person, loaded_at=now)
    named = {one.day: one for one in days}.values()
    await CalendarDay.bulk_create(
        CalendarDay(notice=notice, day=one.day, is_workday=one.is_workday, note=one.note) for one in named
    )
    await journal.record("calendar_notice.loaded", notice, by=by.person, year=year, source=source)
    return notice


def faults_of(year: int, days: Sequence[AnnouncedDay]) -> list[str]:
    """Return why the days can't be loaded, in words; empty if they can.

    A notice names days of the year before (its New Year), rarely of the one after; each applies where it lies.
    """
    faults = [] if days else ["没有读到任何一天。"]
    faults += [f"{one.day}离{year}年太远，请核对年份。" for one in days if abs(one.day.year - year) > 1]
    said: dict[date, bool] = {}
    for one in days:
        if said.setdefault(one.day, one.is_workday) is not one.is_workday:
            faults.append(f"{one.day}既写了休又写了班，请只留一种。")
    return faults
