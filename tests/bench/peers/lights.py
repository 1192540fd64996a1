"""What peers know of the office: names of states, and working days counted ahead, from the file that FACTS names."""

import json
import os
from datetime import date
from pathlib import Path

FACTS = json.loads(Path(os.environ["FACTS"]).read_text())
FIRST, DAYS = date.fromisoformat(FACTS["first"]).toordinal(), FACTS["days"]
LABELS, ENDED, SOON, LAG = FACTS["labels"], set(FACTS["ended"]), FACTS["soon"], FACTS["lag"]
WEEK = "一二三四五六日"


def between(begin: date, end: date) -> int:
    """Count the working days after `begin` up to `end`."""
    return int(DAYS[end.toordinal() - FIRST] - DAYS[begin.toordinal() - FIRST])


def light(
    state: str, due_on: date | None, started_on: date | None, percent: int, today: date
) -> tuple[str, str]:
    """Return an item's colour and why, in the product's words."""
    if state in ENDED:
        return "green", "已办结。"
    if due_on is None:
        return "grey", "没有设定期限。"
    until, left = f"期限{due_on.month}月{due_on.day}日（周{WEEK[due_on.weekday()]}）", between(today, due_on)
    if left < 0 or today > due_on:
        return "red", f"{until}，已逾期{max(1, -left)}个工作日。"
    if left <= SOON:
        return "blue", f"{until}，还剩{left}个工作日。"
    whole = between(started_on, due_on) if started_on and started_on < due_on else 0
    planned = min(100, 100 * between(started_on, today) // whole) if started_on and whole else 0
    if planned - percent >= LAG:
        behind = planned - percent
        return "yellow", f"按期限推算应完成{planned}%，实际{percent}%，落后{behind}个百分点。"
    return "green", f"{until}，还剩{left}个工作日。"
