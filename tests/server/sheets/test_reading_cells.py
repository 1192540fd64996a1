"""What offices type, and what it means."""

from datetime import date, datetime

import pytest

from server.sheets import reading_cells, reading_days
from server.sheets.columns import key_of
from server.tasks.columns import COLUMNS


def wide(text):
    """Return the same text as a Chinese keyboard gives it in full-width mode."""
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2026-01", "2026-01"),
        (wide("2026-01"), "2026-01"),
        (" 2026 — 1 ", "2026-01"),
        ("2026–12", "2026-12"),
        (7, "2026-07"),
        ("7", "2026-07"),
        ("1号", "2026-01"),
        (date(2026, 1, 1), "2026-01"),  # Excel made a date of it
        ("GG-2026.3", "GG-2026.3"),
        ("改革-03", "改革-03"),
        (date(2026, 1, 15), None),
        ("", None),
        (None, None),
        ("一二三四五六七八九十一二三四五六七八九十一", None),
        ("=1+1", None),
    ],
)
def test_a_task_code_is_understood_however_it_is_typed(typed, code):
    assert reading_cells.code(typed, year=2026) == code


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (9, 9),
        ("9", 9),
        (wide("9"), 9),
        (wide("M09"), 9),
        ("第9项", 9),
        ("第 9 项", 9),
        ("M09", 9),
        ("m9", 9),
        ("九", 9),
        ("第九项措施", 9),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("9.健全台账督办制", 9),
        ("9、健全台账督办制", 9),
        ("措施9", 9),
        (0, None),
        (21, None),
        ("二十一", None),
        ("十十", None),
        ("健全台账督办制", None),
        ("9、10", 9),
        (None, None),
        (9.5, None),
    ],
)
def test_a_measure_is_understood_as_figure_or_word(typed, number):
    assert reading_cells.measure(typed) == number


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        *[(word, True) for word in ("是", "√", "Y", wide("y"), True, 1, "Yes", "重大")],
        *[(word, False) for word in ("否", "×", "N", False, 0, "一般")],
        *[(word, None) for word in ("也许", "", None)],
    ],
)
def test_yes_and_no_are_understood(typed, answer):
    assert reading_cells.yes_or_no(typed) is answer


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        (date(2026, 12, 31), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 18, 30), date(2026, 12, 31)),  # noqa: DTZ001 - sheets know no zones
        (46387, date(2026, 12, 31)),
        ("2026-12-31", date(2026, 12, 31)),
        ("2026/12/31", date(2026, 12, 31)),
        ("2026.12.31", date(2026, 12, 31)),
        ("2026年12月31日", date(2026, 12, 31)),
        ("2026年 12月 31日前", date(2026, 12, 31)),
        (wide("2026年12月31日"), date(2026, 12, 31)),
        (wide("2026/12/31"), date(2026, 12, 31)),
        ("20261231", date(2026, 12, 31)),
        ("6月15日", date(2026, 6, 15)),
        ("6月15日之前", date(2026, 6, 15)),
        ("12月底", date(2026, 12, 31)),
        ("2月底前", date(2026, 2, 28)),
        ("2028年2月底", date(2028, 2, 29)),
        ("6月", date(2026, 6, 30)),
        ("6月份", date(2026, 6, 30)),
        ("2027年6月", date(2027, 6, 30)),
        ("2027-06", date(2027, 6, 30)),
        ("年底", date(2026, 12, 31)),
        ("今年年底", date(2026, 12, 31)),
        ("2027年底", date(2027, 12, 31)),
        ("2027年", date(2027, 12, 31)),
        ("上半年", date(2026, 6, 30)),
        ("三季度", date(2026, 9, 30)),
        ("第四季度末", date(2026, 12, 31)),
        ("2027年第1季度", date(2027, 3, 31)),
        ("2024-03-15 09:23:11", date(2024, 3, 15)),
        ("2024/3/15 9:23", date(2024, 3, 15)),
        ("2024-03-15T09:23:11.000Z", date(2024, 3, 15)),
        ("2024-03-15T09:23:11+08:00", date(2024, 3, 15)),
        ("2024年3月15日9时23分", date(2024, 3, 15)),
        ("2024年3月15日 下午3点", date(2024, 3, 15)),
        ("2024年3月15日上午9:05", date(2024, 3, 15)),
        ("2024-03-15 3:05 PM", date(2024, 3, 15)),
        ("2024年3月15日（星期五）", date(2024, 3, 15)),
        ("2024-3-15 周五", date(2024, 3, 15)),
        ("3月15号", date(2026, 3, 15)),
        ("2024年3月15号", date(2024, 3, 15)),
        ("24年3月15日", date(2024, 3, 15)),
        ("2024.3.15.", date(2024, 3, 15)),
        ("二〇二四年三月十五日", date(2024, 3, 15)),
        ("二○二四年十二月三十一日前", date(2024, 12, 31)),
        ("46387", date(2026, 12, 31)),
        ("46387.391", date(2026, 12, 31)),
        (46387.999999, date(2027, 1, 1)),  # half a second before midnight is midnight
        (46387.391, date(2026, 12, 31)),
        ("2024-03-15 25:00", date(2024, 3, 15)),
        ("24-3-15", None),  # a year or a day?
        ("15/3/2024", None),
        ("2024-02-30 09:00", None),
        ("36525", None),
        ("73051", None),
        ("2月30日", None),
        ("13月底", None),
        ("长期坚持", None),
        ("持续推进", None),
        ("12", None),
        (2026, None),
        (2026.1, None),  # October or January?
        ("", None),
        (None, None),
    ],
)
def test_a_deadline_is_understood_as_the_last_day_that_is_meant(typed, day):
    assert reading_days.deadline(typed, year=2026) == day


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("任务编号", "code"),
        ("序 号", "code"),
        ("牵头\n单位", "lead_unit"),
        ("牵头部门(单位)", "lead_unit"),
        (wide("牵头部门(单位)"), "lead_unit"),
        ("*改革专员:", "commissioners"),
        ("完成时间", "due_on"),
        ("市级领导同志", "leading_official"),
        ("备注", None),
        ("", None),
    ],
)
def test_a_header_is_known_by_the_names_offices_use(header, key):
    found = key_of(header, columns=COLUMNS)

    assert (found and found[0]) == key


@pytest.mark.parametrize(
    ("cell", "minute"),
    [
        (datetime(2026, 11, 8, 1, 25, 42), "01:25:42"),  # noqa: DTZ001 - sheets know no zones
        ("2026-11-08 01:25", "01:25:00"),
        ("2026/11/8 下午1:25", "13:25:00"),
        ("2026-11-08 12:25 PM", "12:25:00"),
        ("2026年11月8日1时", "01:00:00"),
        (46334 + (1 * 3600 + 25 * 60 + 42) / 86400, "01:25:42"),
        (f"{46334 + (1 * 3600 + 25 * 60 + 42) / 86400:.10f}", "01:25:42"),
        (46334, "00:00:00"),
    ],
)
def test_an_instant_is_understood_in_every_form_a_program_gives_it(cell, minute):
    assert str(reading_days.moment(cell)) == f"2026-11-08 {minute}"


@pytest.mark.parametrize("cell", [date(2026, 11, 8), "2026-11-08", "长期", 2026, 3.5, True, None, ""])
def test_what_has_no_time_of_day_is_no_instant(cell):
    assert reading_days.moment(cell) is None
