"""Dry runs: what a changed policy would have meant for the month before, in words, before anybody decides it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from msgspec import Struct
from tortoise import connections

from models import Observation
from models.vocabulary import ObservationState
from server.kernel.calendars import calendar
from server.kernel.clock import SHANGHAI, business_date
from server.packs import Categories, FourEyes, Promises, QuietHours, ReportLimits

# A degree of latitude has 111 195 m.
LIKE_EACH_OTHER = """
SELECT count(*) AS number FROM observation a WHERE a.category = $3 AND a.received_at >= $1 AND a.received_at < $2
AND a.wgs_latitude IS NOT NULL AND EXISTS (
  SELECT FROM observation b WHERE b.category = $3 AND b.id <> a.id AND b.received_at >= $1 AND b.received_at < $2
  AND b.wgs_latitude BETWEEN a.wgs_latitude - $4::float8 / 111195 AND a.wgs_latitude + $4 / 111195
  AND sqrt(power((b.wgs_latitude - a.wgs_latitude) * 111195, 2)
    + power((b.wgs_longitude - a.wgs_longitude) * 111195 * cos(radians(a.wgs_latitude)), 2)) <= $4)"""
WITH_WORDS = """
SELECT count(*) AS number FROM observation WHERE category IS NULL AND received_at >= $1 AND received_at < $2
AND text LIKE ANY ($3::text[])"""
BUSIEST = """
SELECT max(number)::int AS number FROM (
  SELECT count(*) AS number FROM observation WHERE received_at >= $1 AND received_at < $2
  GROUP BY date_trunc($3, received_at AT TIME ZONE INTERVAL '8:00')) AS each"""
PLANNED = """
SELECT (planned_at AT TIME ZONE INTERVAL '8:00')::time AS at FROM delivery WHERE planned_at >= $1 AND planned_at < $2"""


@dataclass(frozen=True)
class Month:
    """The month before this one: its first instant and the first one after it."""

    starts: datetime
    ends: datetime

    @property
    def label(self) -> str:
        first = business_date(self.starts)
        return f"{first.year}年{first.month}月"


def month_before(today: date) -> Month:
    """Return the month before the one of a day. Pure."""
    ends = today.replace(day=1)
    starts = (ends - timedelta(days=1)).replace(day=1)
    return Month(datetime.combine(starts, time(), SHANGHAI), datetime.combine(ends, time(), SHANGHAI))


async def try_policy(content: Struct, *, before: Struct, now: datetime) -> list[str]:
    """Say what a content would have meant for last month, and what the present one meant; nothing is written."""
    month = month_before(business_date(now))
    return await TRIALS[type(content)](content, before, month)


async def _categories(new: Categories, before: Categories, month: Month) -> list[str]:
    said = []
    for one in new.all:
        mine = _reports(month).filter(category=one.code)
        number, bare = await mine.count(), await mine.filter(body__contains={"photos": []}).count()
        earlier = before.named(one.code)
        parts = [f"{one.label}：{month.label}收到{number}条"]
        if one.text_only or bare:
            parts.append(f"其中没有照片的{bare}条")
        if earlier and earlier.is_on and not one.is_on:
            parts.append("以后不能再选")
        if earlier is None or earlier.alike_m != one.alike_m:
            near = await _number(LIKE_EACH_OTHER, month, one.code, float(one.alike_m))
            parts.append(f"{one.alike_m}米以内有同类上报的{near}条")
            if earlier:
                was = await _number(LIKE_EACH_OTHER, month, one.code, float(earlier.alike_m))
                parts[-1] += f"（按现在的{earlier.alike_m}米是{was}条）"
        if one.words and (earlier is None or earlier.words != one.words):
            like = await _number(WITH_WORDS, month, [f"%{word}%" for word in one.words])
            parts.append(f"没选分类的上报里有{like}条会建议归到这一类")
        said.append("，".join(parts) + "。")
    return said


async def _promises(new: Promises, before: Promises, month: Month) -> list[str]:
    days = await calendar()
    moments = await _reports(month).values_list("received_at", "decided_at")
    kept = dict.fromkeys((before.review_days, new.review_days), 0)
    for received, decided in moments:
        for allowed in kept:
            due = days.due(business_date(received), allowed).on
            kept[allowed] += decided is not None and business_date(decided) <= due
    return [
        f"{month.label}收到{len(moments)}条上报。"
        f"{allowed}个工作日内答复的有{number}条{_share(number, len(moments))}。"
        for allowed, number in kept.items()
    ]


async def _limits(new: ReportLimits, before: ReportLimits, month: Month) -> list[str]:
    number = await _reports(month).count()
    hour, day = [await _number(BUSIEST, month, each) for each in ("hour", "day")]
    return [
        f"{month.label}全市共收到{number}条上报，最多的一天{day}条，最多的一小时{hour}条。",
        "谁报了多少条系统不汇总，所以只能按全市总数比较。",
        f"群众每天上限从{before.per_day}条改为{new.per_day}条，每小时从{before.per_hour}条改为{new.per_hour}条。",
    ]


async def _quiet_hours(new: QuietHours, before: QuietHours, month: Month) -> list[str]:
    rows = await connections.get("default").execute_query_dict(PLANNED, [month.starts, month.ends])
    held = [sum(is_quiet(row["at"], hours) for row in rows) for hours in (before, new)]
    return [
        f"{month.label}的提醒准备推送{len(rows)}条，在免打扰时间、要等到早上的有{held[0]}条。",
        f"按新的时间，要等到早上的有{held[1]}条。",
    ]


async def _four_eyes(new: FourEyes, before: FourEyes, month: Month) -> list[str]:
    declined = _reports(month).filter(state=ObservationState.DECLINED)
    was, will = [
        await declined.filter(reporter_role__in=list(one.decline_from)).count() if one.decline_from else 0
        for one in (before, new)
    ]
    voided = await _number(VOIDED, month)
    said = [f"{month.label}不予采纳的上报里，要两人同意的有{was}条，按新的规则有{will}条。"]
    if new.void != before.void:
        said.append(f"{month.label}作废{voided}件，以后{'要两人同意' if new.void else '一人就可以作废'}。")
    return said


VOIDED = """
SELECT count(*) AS number FROM journal_entry WHERE deed = 'ledger_item.voided' AND at >= $1 AND at < $2"""

TRIALS: dict[type[Struct], Callable[[Any, Any, Month], Awaitable[list[str]]]] = {
    Categories: _categories,
    Promises: _promises,
    ReportLimits: _limits,
    QuietHours: _quiet_hours,
    FourEyes: _four_eyes,
}


def is_quiet(at: time, hours: QuietHours) -> bool:
    """Tell whether a time of day lies in the quiet hours, which may go over midnight. Pure."""
    if hours.starts <= hours.ends:
        return hours.starts <= at < hours.ends
    return at >= hours.starts or at < hours.ends


def _reports(month: Month) -> Any:
    return Observation.filter(received_at__gte=month.starts, received_at__lt=month.ends)


async def _number(statement: str, month: Month, *more: Any) -> int:
    values = [month.starts, month.ends, *more]
    (found,) = await connections.get("default").execute_query_dict(statement, values)
    return found["number"] or 0


def _share(number: int, total: int) -> str:
    return f"，占{round(100 * number / total)}%" if total else ""
