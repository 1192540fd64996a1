"""Limits on how often one person may report (SUB-16, reliability R4.9). Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.vocabulary import Role
from server.kernel.clock import SHANGHAI
from server.observations.refusals import TooManyToday
from server.packs import ReportLimits


@dataclass(frozen=True)
class Allowance:
    """The number of reports allowed per hour and per day."""

    per_hour: int
    per_day: int


def allowance_of(role: Role, *, known_for: timedelta, limits: ReportLimits) -> Allowance:
    """Return a reporter's allowance: office staff get more than citizens, and newcomers get the least."""
    if role is not Role.CITIZEN:
        return Allowance(limits.member_per_hour, limits.member_per_day)
    if known_for < timedelta(days=limits.newcomer_days):
        return Allowance(limits.newcomer_per_hour, limits.newcomer_per_day)
    return Allowance(limits.per_hour, limits.per_day)


def check_allowance(allowance: Allowance, *, last_hour: int, today: int, now: datetime) -> None:
    """Raise TooManyToday if one more report exceeds the allowance; it says what is left and when it is full again."""
    if today >= allowance.per_day:
        tomorrow = (now.astimezone(SHANGHAI) + timedelta(days=1)).replace(hour=0, minute=0, second=0)
        wait = int((tomorrow - now).total_seconds())
        raise TooManyToday(
            f"您今天已上报{today}条，达到每天{allowance.per_day}条的上限。",
            hint="明天0点恢复。内容已保存在手机上，明天可以直接提交。",
            retry_after=wait,
        )
    if last_hour >= allowance.per_hour:
        raise TooManyToday(
            f"最近1小时您已上报{last_hour}条，稍歇一会儿再报。",
            hint=f"今天还可以提交{allowance.per_day - today}条。内容已保存在手机上，过一会儿可以直接提交。",
            retry_after=600,
        )
