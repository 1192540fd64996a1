"""Reading cells as days or minutes: dates, serial numbers of dates, and the expressions that offices use.

Pure; None means not understood.
"""

import re
import unicodedata
from calendar import monthrange
from datetime import date, datetime, time, timedelta

from server.gateways.workbooks import Cell
from server.sheets.reading_cells import CHINESE_DIGITS, DASHES, as_text, chinese_number, plain

SERIAL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - sheets have no time zones; Excel counts days from here
SERIALS = range(36_526, 73_051)  # 2000-01-01 to 2099-12-31: smaller numbers are years or months
HALF_A_SECOND = timedelta(milliseconds=500)  # a sheet stores instants as fractions of a day
QUARTER_ENDS = {"一": 3, "1": 3, "二": 6, "2": 6, "三": 9, "3": 9, "四": 12, "4": 12}
HALF_ENDS = {"上": 6, "下": 12}
AFTERNOON = {"下午", "晚上", "晚", "PM", "pm"}
CLOCK = re.compile(
    r"(?:(?<=[日号)\d])[T\s]+|(?<=[日号)])|(?<=\d)(?=[上下凌早晚中]))"
    r"(?P<before>上午|下午|凌晨|早上|早|晚上|晚|中午)?\s*(?P<hour>\d{1,2})\s*[:时点]\s*"
    r"(?:(?P<minute>\d{1,2})\s*分?)?(?:\s*:?\s*(?P<second>\d{1,2})\s*秒?)?(?:\.\d+)?"
    r"\s*(?P<after>AM|PM|am|pm)?(?:Z|[+-]\d{2}:?\d{2})?$"
)
WEEKDAY = re.compile(r"[,，]?\s*\(?(?:星期|礼拜|周)[一二三四五六日天]\)?")
SPELT = re.compile(
    rf"([〇○{CHINESE_DIGITS}]{{4}})年([十{CHINESE_DIGITS}]+)月(?:([十{CHINESE_DIGITS}]+)[日号])?"
)


def deadline(cell: Cell, *, year: int) -> date | None:
    """Return the last day that a deadline means.

    It may be a date, its number, “2026年12月31日前”, “3月15号 9:23”, “6月底”, “三季度” or “年底”.
    """
    at = moment(cell)
    if at:
        return at.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float):  # 2026.1 may have been 2026.10
        return None
    text, _ = _without_clock(as_text(cell))
    text = re.sub(r"(之?前|以前|止|完成)+$", "", plain(text))
    return _day(text, year=year) or _end_of_month(text, year=year) or _end_of_part(text, year=year)


def moment(cell: Cell) -> datetime | None:
    """Return the second meant by an instant, its number, or a date with a time of day; None for plain days."""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _of_serial(cell)
    if not isinstance(cell, str):
        return None
    if re.fullmatch(r"\d{5}(?:\.\d+)?", plain(cell)):
        return _of_serial(float(plain(cell)))
    text, clock = _without_clock(cell)
    day = _day(plain(text), year=0) if clock else None
    if clock is None or day is None:
        return None
    hour = int(clock["hour"]) % 24
    is_later = {clock["before"], clock["after"]} & AFTERNOON and hour < 12
    hour += 12 if is_later else 0
    try:
        return datetime.combine(day, time(hour, int(clock["minute"] or 0), int(clock["second"] or 0)))
    except ValueError:
        return None


def _of_serial(number: float) -> datetime | None:
    if int(number) not in SERIALS:
        return None
    at = SERIAL_ZERO + timedelta(days=number) + HALF_A_SECOND
    return at.replace(microsecond=0)


def _without_clock(text: str) -> tuple[str, re.Match[str] | None]:
    """Return a date without its weekday and time of day, and the time."""
    text = unicodedata.normalize("NFKC", text).translate(DASHES).strip()
    text = WEEKDAY.sub("", SPELT.sub(_in_figures, text))
    clock = CLOCK.search(text)
    return (text[: clock.start()], clock) if clock else (text, None)


def _in_figures(match: re.Match[str]) -> str:
    """Write 二〇二六年三月十五日 as 2026年3月15日."""
    year = "".join(str("零一二三四五六七八九".index("零" if one in "〇○" else one)) for one in match[1])
    month, day = chinese_number(match[2]), chinese_number(match[3]) if match[3] else None
    return f"{year}年{month}月" + (f"{day}日" if day else "")


def _day(text: str, *, year: int) -> date | None:
    match = re.fullmatch(
        r"(?:(\d{4}|\d{2}(?=年))[-/.年])?(\d{1,2})[-/.月](\d{1,2})[日号]?\.?(?:\(.*\))?", text
    )
    match = match or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
    if not match or not (match[1] or year):
        return None
    own_year = int(match[1] or year)
    try:
        return date(own_year + (2000 if own_year < 100 else 0), int(match[2]), int(match[3]))
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
