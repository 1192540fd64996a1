"""Sheets as offices send them: titles above, sums below, sections between, and gaps."""

from datetime import date

import pytest

from server.gateways.workbooks import Row, Sheet
from server.tasks.reading_rows import read_sheets
from server.tasks.refusals import TaskSheetEmpty, TaskSheetWithoutHeader

HEADERS = (
    "任务编号",
    "对应措施",
    "任务名称",
    "任务内容",
    "是否重大任务",
    "牵头单位",
    "配合单位",
    "牵头领导",
    "改革专员",
    "完成时限",
)


def wide(text):
    """Return the same text as a Chinese keyboard gives it in full-width mode."""
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


def cells(code="2026-01", **changes):
    """Return the cells of a complete task, with changes by column key."""
    whole = {
        "code": code,
        "measure": 9,
        "name": "健全台账督办制",
        "content": "建立台账",
        "is_major": "是",
        "lead_unit": "市住建局",
        "supporting_units": "市财政局",
        "leading_official": "祁望川",
        "commissioners": "王科长",
        "due_on": date(2026, 12, 31),
    }
    return tuple((whole | changes).values())


def rows(*lines, headers=HEADERS):
    """Return rows numbered as in Excel, the header first."""
    return [Row(number, line) for number, line in enumerate([headers, *lines], start=1)]


def read_rows(found, *, year):
    return read_sheets([Sheet(name="清单", rows=tuple(found))], year=year)


def told(problems):
    return [(problem.row, problem.column, problem.what) for problem in problems]


def test_a_whole_row_is_read_without_problem_or_gap():
    reading = read_rows(rows(cells()), year=2026)

    line = reading.lines[0]
    assert (reading.problems, reading.gaps, reading.skipped) == ([], [], [])
    assert (line.row, line.code, line.measure, line.is_major) == (2, "2026-01", 9, True)
    assert (line.name, line.due_on, line.lead_units) == ("健全台账督办制", date(2026, 12, 31), "市住建局")


def test_the_header_is_found_below_merged_title_rows():
    title = Row(1, ("2026年度全面深化改革任务清单",))
    unit = Row(2, ("填报单位:市委改革办", None, "填报日期:2026年1月5日"))
    sheet = [title, unit, Row(4, HEADERS), Row(5, cells()), Row(7, cells("2026-02"))]

    reading = read_rows(sheet, year=2026)

    assert [(line.row, line.code) for line in reading.lines] == [(5, "2026-01"), (7, "2026-02")]


def test_full_width_figures_are_read_like_others():
    reading = read_rows(
        rows(cells(wide("2026-03"), measure=wide("9"), due_on=wide("2026年6月底"))), year=2026
    )

    line = reading.lines[0]
    assert (line.code, line.measure, line.due_on) == ("2026-03", 9, date(2026, 6, 30))
    assert line.texts["due_on"] == "2026-06-30"


def test_columns_may_stand_in_any_order_and_under_any_usual_name():
    headers = ("序号", "完成时间", "责任单位", "任务编号", "措施", "改革任务", "市级领导", "责任人", "备注")
    line = (1, "年底", "市住建局", "2026-08", "八", "制度集成", "祁望川", "王科长", "无")

    reading = read_rows(rows(line, headers=headers), year=2026)

    assert reading.lines[0].code == "2026-08"
    assert reading.problems == []
    assert reading.unknown_columns == ["序号", "备注"]  # a running number stands beside the code
    assert [gap.column for gap in reading.gaps] == ["任务内容", "是否重大任务", "配合单位"]


def test_every_missing_value_is_told_with_row_and_column():
    line = cells(
        code=None,
        name="",
        measure=None,
        lead_unit=" ",
        leading_official=None,
        commissioners=None,
        due_on=None,
    )

    reading = read_rows(rows(cells(), line), year=2026)

    assert [(problem.row, problem.column) for problem in reading.problems] == [
        (3, "任务编号"),
        (3, "对应措施"),
        (3, "任务名称"),
        (3, "牵头单位"),
        (3, "牵头领导"),
        (3, "改革专员"),
        (3, "完成时限"),
    ]
    assert all(problem.what == "没有填写。" and problem.advice for problem in reading.problems)


def test_what_may_be_left_open_is_listed_as_a_gap():
    reading = read_rows(rows(cells(content=None, is_major=None, supporting_units=None)), year=2026)

    assert reading.problems == []
    assert [(gap.row, gap.column) for gap in reading.gaps] == [
        (2, "任务内容"),
        (2, "是否重大任务"),
        (2, "配合单位"),
    ]


def test_a_column_that_is_missing_altogether_is_told_once():
    reading = read_rows(
        rows(*[cells(f"2026-{n:02d}")[:-2] for n in range(1, 6)], headers=HEADERS[:-2]), year=2026
    )

    assert told(reading.problems) == [
        (1, "改革专员", "缺少“改革专员”这一列。"),
        (1, "完成时限", "缺少“完成时限”这一列。"),
    ]


def test_two_columns_of_the_same_name_are_told():
    reading = read_rows(rows((*cells(), "市财政局"), headers=(*HEADERS, "牵头单位")), year=2026)

    assert told(reading.problems) == [(1, "牵头单位", "有两列的表头都是“牵头单位”。")]


@pytest.mark.parametrize(
    ("change", "column", "what"),
    [
        ({"measure": "三十"}, "对应措施", "看不懂“三十”。"),
        ({"due_on": "长期坚持"}, "完成时限", "看不懂“长期坚持”。"),
        ({"due_on": "2062-12-31"}, "完成时限", "2062-12-31 不在清单年度或其后 5 年之内。"),
        ({"due_on": "2025-12-31"}, "完成时限", "2025-12-31 不在清单年度或其后 5 年之内。"),
        ({"is_major": "看情况"}, "是否重大任务", "看不懂“看情况”。"),
        ({"name": "长" * 121}, "任务名称", "有 121 个字，太长。"),
        ({"content": "长" * 4001}, "任务内容", "有 4001 个字，太长。"),
        ({"code": "2025-01"}, "任务编号", "“2025-01”不是 2026 年的编号。"),
    ],
)
def test_a_value_that_cannot_be_right_is_told(change, column, what):
    reading = read_rows(rows(cells(**change)), year=2026)

    assert told(reading.problems) == [(2, column, what)]


def test_values_at_the_border_are_taken():
    reading = read_rows(rows(cells(name="长" * 120, content="长" * 4000, due_on="2031-12-31")), year=2026)

    assert reading.problems == []


def test_a_code_that_stands_twice_is_told_with_the_first_row():
    reading = read_rows(rows(cells("2026-01"), cells("2026-02"), cells("2026-01")), year=2026)

    assert told(reading.problems) == [(4, "任务编号", "“2026-01”已在第 2 行用过。")]


def test_sums_notes_sections_and_repeated_headers_are_left_out_and_listed():
    sheet = rows(
        ("一、完善统筹协调机制",),
        cells(),
        HEADERS,
        ("\uff08二\uff09深化改革试点机制",),
        cells("2026-02"),
        ("合计", 2),
        ("备注\uff1a本表由各单位填报", None, None, "市委改革办"),
        ("填表人:小陈", None, None, None, None, None, None, None, "2026年1月"),
    )

    reading = read_rows(sheet, year=2026)

    assert [line.code for line in reading.lines] == ["2026-01", "2026-02"]
    assert reading.problems == []
    assert [(row.row, row.why) for row in reading.skipped] == [
        (2, "分节标题"),
        (4, "重复的表头"),
        (5, "分节标题"),
        (7, "合计或说明行"),
        (8, "合计或说明行"),
        (9, "合计或说明行"),
    ]


def test_a_nearly_empty_row_is_not_swallowed():
    reading = read_rows(rows(cells(), ("改到这里",)), year=2026)

    assert told(reading.problems) == [(3, "", "这一行几乎是空的，看不出是不是任务：“改到这里”。")]


@pytest.mark.parametrize("sheet", [[], [Row(1, ("a", "b"))], [Row(1, cells())]])
def test_a_sheet_without_a_header_is_refused(sheet):
    with pytest.raises(TaskSheetWithoutHeader):
        read_rows(sheet, year=2026)


@pytest.mark.parametrize("sheet", [rows(), rows(("合计", 0))])
def test_a_sheet_without_a_task_is_refused(sheet):
    with pytest.raises(TaskSheetEmpty):
        read_rows(sheet, year=2026)
