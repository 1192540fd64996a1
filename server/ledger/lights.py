"""The colour of an item, derived from its clock and progress, with the formula to show (LED-05). Pure."""

from dataclasses import dataclass
from datetime import date

from models.vocabulary import LedgerState, Light
from server.workdays import Calendar, say

SOON_DAYS = 3
LAG_PERCENT = 20
DONE = {LedgerState.CLOSED, LedgerState.MERGED, LedgerState.VOIDED}


@dataclass(frozen=True)
class Shine:
    """A colour and why."""

    light: Light
    because: str


def shine(
    *,
    state: LedgerState,
    due_on: date | None,
    started_on: date | None,
    percent: int,
    today: date,
    calendar: Calendar,
) -> Shine:
    """Green when done; red after the deadline; blue three working days before; yellow when 20 points behind plan.

    The plan is a straight line in working days from the start to the deadline.
    """
    if state in DONE:
        return Shine(Light.GREEN, "已办结。")
    if due_on is None:
        return Shine(Light.GREY, "没有设定期限。")
    left = calendar.between(today, due_on)
    if left < 0 or today > due_on:
        return Shine(Light.RED, f"期限{say(due_on)}，已逾期{max(1, -left)}个工作日。")
    if left <= SOON_DAYS:
        return Shine(Light.BLUE, f"期限{say(due_on)}，还剩{left}个工作日。")
    planned = _planned(started_on, due_on, today=today, calendar=calendar)
    if planned - percent >= LAG_PERCENT:
        return Shine(
            Light.YELLOW, f"按期限推算应完成{planned}%，实际{percent}%，落后{planned - percent}个百分点。"
        )
    return Shine(Light.GREEN, f"期限{say(due_on)}，还剩{left}个工作日。")


def _planned(started_on: date | None, due_on: date, *, today: date, calendar: Calendar) -> int:
    if started_on is None or started_on >= due_on:
        return 0
    whole = calendar.between(started_on, due_on)
    gone = calendar.between(started_on, today)
    return min(100, 100 * gone // whole) if whole else 0
