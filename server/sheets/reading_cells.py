"""What a cell means: codes, measures, yes and no, deadlines, as offices write them.

Pure; None means not understood.
"""

import re
import unicodedata
from calendar import monthrange
from datetime import date, datetime, timedelta

from server.gateways.excel import Cell

CHINESE_DIGITS = "零一二三四五六七八九"
YES = {"是", "√", "✓", "✔", "y", "yes", "true", "1", "重大", "有", "对"}
NO = {"否", "×", "✗", "x", "n", "no", "false", "0", "一般", "无", "非重大", "不是"}
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−_", "-"))
LAST_MEASURE = 20
SERIAL_ZERO = date(1899, 12, 30)  # Excel counts days from here
SERIALS = range(36_526, 73_051)  # 2000-01-01 to 2099-12-31: smaller numbers are years or months
QUARTER_ENDS = {"一": 3, "1": 3, "二": 6, "2": 6, "三": 9, "3": 9, "四": 12, "4": 12}
HALF_ENDS = {"上": 6, "下": 12}


def as_text(cell: Cell) -> str:
    """A cell as text, as a person sees it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    return cell.isoformat() if isinstance(cell, date) else str(cell).strip()


def plain(text: str) -> str:
    """Text half-width, lower case and without any space, for comparing and understanding."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).lower()


def code(cell: Cell, *, year: int) -> str | None:
    """A task code like 2026-01; a bare number is completed, and a code that Excel made a date is restored."""
    if isinstance(cell, date):
        return f"{cell.year}-{cell.month:02d}" if cell.day == 1 else None
    text = plain(as_text(cell)).translate(DASHES).upper()
    match = re.fullmatch(r"(?:(\d{4})[-年第]*)?0*(\d{1,4})号?", text)
    if match:
        return f"{match[1] or year}-{int(match[2]):02d}"
    return text if re.fullmatch(r"[A-Z0-9一-鿿][A-Z0-9一-鿿.-]{0,19}", text) else None


def measure(cell: Cell) -> int | None:
    """The number of a measure, 1 to 20, from 9, “第9项”, “M09”, “九” or “9.健全台账督办制”."""
    text = plain(as_text(cell))
    match = re.match(rf"(?:第|m|措施|第?措施)?0*(\d+|[{CHINESE_DIGITS}十]+)(?:$|[项条、号:]|\.(?!\d))", text)
    if not match:
        return None
    number = int(match[1]) if match[1].isdigit() else _chinese_number(match[1])
    return number if number and 1 <= number <= LAST_MEASURE else None


def yes_or_no(cell: Cell) -> bool | None:
    """Whether a cell says yes or no, in one of many ways."""
    word = plain(as_text(cell))
    if word in YES:
        return True
    return False if word in NO else None


def deadline(cell: Cell, *, year: int) -> date | None:
    """The last day meant by a date, a serial number, “2026年12月31日前”, “6月底”, “三季度” or “年底”."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float):  # 2026.1 may have been 2026.10
        return None
    if isinstance(cell, int) and cell in SERIALS:
        return SERIAL_ZERO + timedelta(days=cell)
    text = re.sub(r"(之?前|以前|止|完成)+$", "", plain(as_text(cell)).translate(DASHES))
    return _day(text, year=year) or _end_of_month(text, year=year) or _end_of_part(text, year=year)


def _chinese_number(text: str) -> int | None:
    match = re.fullmatch(rf"(?:([{CHINESE_DIGITS}])?(十))?([{CHINESE_DIGITS}])?", text)
    if not match:
        return None
    tens, ten, ones = match.groups()
    front = CHINESE_DIGITS.index(tens or "一") * 10 if ten else 0
    return front + CHINESE_DIGITS.index(ones or "零")


def _day(text: str, *, year: int) -> date | None:
    match = re.fullmatch(r"(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})日?(?:\(.*\))?", text)
    match = match or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
    if not match:
        return None
    try:
        return date(int(match[1] or year), int(match[2]), int(match[3]))
    except ValueError:
        return None


def _end_of_month(text: str, *, year: int) -> date | None:
    match = re.fullmatch(r"(?:(\d{4})[-/.年])?(\d{1,2})(?:月份?)?(?:底|末)?", text)
    if not match or not (match[1] or "月" in text) or not 1 <= int(match[2]) <= 12:
        return None
    return _last_day(int(match[1] or year), int(match[2]))


def _end_of_part(text: str, *, year: int) -> date | None:
    match = re.fullmatch(r"(?:(\d{4})年?|今年|当年|本年)?(.*)", text)
    own_year, part = (int(match[1] or year), match[2]) if match else (year, text)
    if part in {"年底", "年末", "全年", "底", "末"} or (not part and text.endswith("年")):
        return date(own_year, 12, 31)
    half = re.fullmatch(r"(上|下)半年(?:底|末)?", part)
    if half:
        return _last_day(own_year, HALF_ENDS[half[1]])
    quarter = re.fullmatch(r"第?([一二三四1-4])季度?(?:底|末)?", part)
    return _last_day(own_year, QUARTER_ENDS[quarter[1]]) if quarter else None


def _last_day(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
