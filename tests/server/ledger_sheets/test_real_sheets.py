"""Sheets as offices really send them: nothing is lost silently, and what can be understood is."""

from datetime import date, datetime
from io import BytesIO

import pytest
import xlsxwriter

from models.vocabulary import LedgerState
from server.gateways.workbooks import read_sheet
from server.ledger_sheets import LedgerSheetUnreadable, LedgerSheetWithoutHeader
from tests.server.ledger_sheets.conftest import a_sheet

HEADERS = ["标题", "挂号时间", "牵头单位", "办理情况", "办理期限"]
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - sheets know no zones


def a_workbook(*, options=None, **sheets):
    """Return a workbook whose sheets are filled by functions that get the sheet and the workbook."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, options or {}) as workbook:
        for name, fill in sheets.items():
            fill(workbook.add_worksheet(name), workbook)
    return file.getvalue()


def the_list(*rows, headers=HEADERS):
    def fill(sheet, _):
        for number, row in enumerate([headers, *rows]):
            sheet.write_row(number, 0, row)

    return fill


def told(problems):
    return [(one.row, one.column, one.what) for one in problems]


async def test_two_columns_of_one_meaning_are_asked_about_and_both_named(sheets):
    headers = ["序号", "督察事项", "存在问题", "责任单位", "整改时限", "登记时间", "发现时间"]
    row = [1, "老旧小区改造督察", "雨水管破损", "市住建局", "2026-12-31", "2026-11-20", "2026-11-02"]
    seen = await sheets.preview(a_sheet(headers, [row]))
    assert told(seen.problems) == [
        (2, "标题", "“督察事项”、“存在问题”都像是“标题”，不知道用哪一列。"),
        (2, "挂号时间", "“登记时间”、“发现时间”都像是“挂号时间”，不知道用哪一列。"),
    ]
    assert seen.kept is None


async def test_a_column_under_another_name_beside_ours_is_told_as_not_read(sheets):
    headers = ["标题", "存在问题", "挂号时间", "牵头单位"]
    seen = await sheets.preview(a_sheet(headers, [["漏雨", "雨水管破损", "2024-03-15"]]))
    assert (seen.problems, seen.unknown_columns, seen.taken_over) == ([], ["存在问题"], 1)


async def test_formulas_without_a_result_are_problems_by_row_and_column(sheets):
    def fill(sheet, _):
        the_list()(sheet, None)
        sheet.write_row(1, 0, ["窗口排队", "2024-03-15"])
        sheet.write_formula(1, 2, '=VLOOKUP("x",A:B,2,0)', None, "#N/A")
        sheet.write_row(2, 0, ["路灯不亮", "2024-03-15"])
        sheet.write_formula(2, 2, '=VLOOKUP("x",A:B,2,0)', None, "")
        sheet.write_row(3, 0, ["井盖", "2024-03-15"])
        sheet.write_formula(3, 2, '="市住建局"', None, "市住建局")
        sheet.write_formula(3, 4, "=B4+30", None, "#VALUE!")
        sheet.write_formula(3, 8, "=1/0", None, "#DIV/0!")  # beside the list: nobody reads it

    seen = await sheets.preview(a_workbook(台账=fill))
    assert told(seen.problems) == [
        (2, "牵头单位", "公式的结果是“#N/A”，读不出内容。"),
        (3, "牵头单位", "是公式，文件里没有它的结果。"),
        (4, "办理期限", "公式的结果是“#VALUE!”，读不出内容。"),
    ]


async def test_hidden_rows_are_read_and_told(sheets):
    def fill(sheet, _):
        the_list(*([f"事项{n}号", "2024-03-11", "市住建局"] for n in range(1, 5)))(sheet, None)
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_row(3, None, None, {"hidden": True})

    seen = await sheets.preview(a_workbook(台账=fill))
    assert seen.taken_over == 4
    assert seen.notes == ["第3、4行在表里是隐藏的（共2行），也读入了；不要的请取消隐藏后删去。"]


async def test_the_sheet_with_the_header_is_read_wherever_it_stands(sheets):
    cover = the_list(headers=["银川市改革督察问题台账"])
    line = ["漏雨", "2024-03-15", "市住建局"]
    seen = await sheets.preview(a_workbook(封面=cover, 台账明细=the_list(line), 去年=the_list(line)))
    assert (seen.problems, seen.taken_over) == ([], 1)
    assert seen.notes == [
        "读的是工作表“台账明细”。",
        "工作表“去年”也有这样的表头，没有读入；需要的话请另存为一个文件再上传。",
    ]


async def test_a_file_without_a_header_names_the_sheets_that_were_looked_at(sheets):
    cover = the_list(headers=["填报单位：市住建局"])
    with pytest.raises(LedgerSheetWithoutHeader, match="“封面”、“说明”"):
        await sheets.preview(a_workbook(封面=cover, 说明=cover))


async def test_a_sheet_that_is_too_long_beside_the_list_keeps_nobody_from_reading_it(sheets):
    def long(sheet, _):
        for number in range(5_001):
            sheet.write(number, 0, number)

    seen = await sheets.preview(a_workbook(原始数据=long, 台账=the_list(["漏雨", "2024-03-15"])))
    assert seen.taken_over == 1
    with pytest.raises(LedgerSheetUnreadable, match="5001 行"):
        await sheets.preview(a_workbook(原始数据=long))


async def test_dates_counted_from_1904_are_the_right_days(sheets):
    def fill(sheet, workbook):
        the_list()(sheet, None)
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(1, 0, ["有格式", "", "市住建局"])
        sheet.write_datetime(1, 1, datetime(2024, 3, 15), day)  # noqa: DTZ001 - sheets know no zones
        sheet.write_row(2, 0, ["没有格式", 43904, "市住建局"])

    seen = await sheets.preview(a_workbook(options={"date_1904": True}, 台账=fill))
    assert seen.problems == []
    assert [wish.old.registered_on for wish in seen.wishes] == [date(2024, 3, 15)] * 2


@pytest.mark.parametrize(
    "typed", ["2024-03-15 09:23:11", "2024/3/15 9:23", "2024年3月15日9时23分", 45366, "45366"]
)
async def test_a_day_is_taken_over_however_it_is_typed(sheets, typed):
    seen = await sheets.preview(a_sheet(HEADERS, [["漏雨", typed, "市住建局"]]))
    assert [wish.old.registered_on for wish in seen.wishes] == [date(2024, 3, 15)]


async def test_words_about_progress_decide_only_where_they_say_it_plainly(sheets):
    states = ["已完成立项，正在施工", "待销号", "已销号", "基本完成"]
    rows = [[f"事项{n}", "2024-03-15", "市住建局", state] for n, state in enumerate(states)]
    seen = await sheets.preview(a_sheet(HEADERS, rows))
    assert told(seen.problems) == [
        (5, "状态", "旧台账里已是“已销号”，不接入。"),
        (6, "状态", "从“基本完成”看不出办结了没有。"),
    ]


def as_text(cell):
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return cell if cell is None or isinstance(cell, bool) else str(cell)


def as_general(cell):
    if isinstance(cell, datetime):
        return (cell - EPOCH).total_seconds() / 86_400
    return (cell - EPOCH.date()).days if isinstance(cell, date) else cell


@pytest.mark.parametrize("made", [as_text, as_general])
async def test_our_own_export_saved_again_by_another_program_changes_nothing(office, sheets, made):
    await sheets.item("照明分期改造")
    stands = {"state": LedgerState.DISPATCHED, "lead_unit_id": office.bureau.id, "due_on": sheets.day(9)}
    await sheets.item("电梯办理环节多", dispatched_at=sheets.now, percent=40, wgs_latitude=38.4713, **stands)
    _, _, header, *rows = read_sheet(await sheets.exported())
    again = a_sheet(header.cells, [[made(cell) for cell in row.cells] for row in rows])
    seen = await sheets.preview(again)
    assert (told(seen.problems), seen.wishes, seen.unchanged) == ([], [], 2)
