"""Reading cells as codes, measures, yes and no, the way offices write them.

Pure; None means not understood.
"""

import re
import unicodedata
from datetime import date, datetime

from server.gateways.workbooks import Cell
from server.kernel.text import cleaned

CHINESE_DIGITS = "零一二三四五六七八九"
YES = {"是", "√", "✓", "✔", "y", "yes", "true", "1", "重大", "有", "对"}
NO = {"否", "×", "✗", "x", "n", "no", "false", "0", "一般", "无", "非重大", "不是"}
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−_", "-"))
LAST_MEASURE = 20


def as_text(cell: Cell) -> str:
    """Return a cell as the text a person sees."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    return cell.isoformat() if isinstance(cell, date) else cleaned(str(cell)).strip()


def plain(text: str) -> str:
    """Return text half-width, lower case and without any space, for comparing."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).lower()


def code(cell: Cell, *, year: int) -> str | None:
    """Return a task code like 2026-01; a bare number is completed, and a code that Excel made a date is restored."""
    if isinstance(cell, date):
        return f"{cell.year}-{cell.month:02d}" if cell.day == 1 else None
    text = plain(as_text(cell)).translate(DASHES).upper()
    match = re.fullmatch(r"(?:(\d{4})[-年第]*)?0*(\d{1,4})号?", text)
    if match:
        return f"{match[1] or year}-{int(match[2]):02d}"
    return text if re.fullmatch(r"[A-Z0-9一-鿿][A-Z0-9一-鿿.-]{0,19}", text) else None


def measure(cell: Cell) -> int | None:
    """Return the number of a measure, 1 to 20, from 9, “第9项”, “M09”, “九” or “9.健全台账督办制”."""
    text = plain(as_text(cell))
    match = re.match(rf"(?:第|m|措施|第?措施)?0*(\d+|[{CHINESE_DIGITS}十]+)(?:$|[项条、号:]|\.(?!\d))", text)
    if not match:
        return None
    number = int(match[1]) if match[1].isdigit() else chinese_number(match[1])
    return number if number and 1 <= number <= LAST_MEASURE else None


def yes_or_no(cell: Cell) -> bool | None:
    """Return whether a cell says yes or no, in one of many ways."""
    word = plain(as_text(cell))
    if word in YES:
        return True
    return False if word in NO else None


def chinese_number(text: str) -> int | None:
    """Return the number written as 零 to 九十九, or None."""
    match = re.fullmatch(rf"(?:([{CHINESE_DIGITS}])?(十))?([{CHINESE_DIGITS}])?", text)
    if not match:
        return None
    tens, ten, ones = match.groups()
    front = CHINESE_DIGITS.index(tens or "一") * 10 if ten else 0
    return front + CHINESE_DIGITS.index(ones or "零")
