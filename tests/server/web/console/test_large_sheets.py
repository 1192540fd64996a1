"""However large an uploaded sheet is, everybody else is served meanwhile."""

import asyncio
import io
import time
from contextlib import asynccontextmanager
from datetime import date, datetime
from functools import cache

import pytest
import xlsxwriter

from server.gateways import foreign_sheets
from server.gateways.excel import SheetColumn, write_sheet
from server.gateways.foreign_sheets import read_foreign_workbook
from server.gateways.repacking import SAVE_AS, UnreadableSheet
from server.gateways.workbooks import read_sheet, read_workbook
from tests.server.ledger_sheets.conftest import a_sheet

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LEDGER, TASKS = "/ledger/imports/previews", "/tasks/imports?year=2026"
PROMISED = 0.1  # seconds that anybody may wait for /live meanwhile
LOOKS = 5  # other work of this process may delay some of them, not all
TASK_COLUMNS = ["任务编号", "改革任务", "牵头单位", "配合单位", "年度目标", "完成时限"]


@cache
def a_long_sheet(rows):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for number in range(rows):
            sheet.write_row(number, 0, ["坑槽", number])
    return file.getvalue()


async def upload(desk, path, data):
    headers = {"origin": str(desk.client.base_url).rstrip("/"), "hx-request": "true"}
    files = {"file": ("长表.xlsx", data, SHEET)}
    return await desk.client.post(f"/console{path}", files=files, headers=headers, timeout=120)


@asynccontextmanager
async def longest_wait(line):
    """Measure how long /live took while this was open, returned in the list.

    Only the process's own work counts: while other processes have the machine, ours delays nobody.
    """
    waits, clock, over = [0.0], asyncio.get_running_loop().time, asyncio.Event()

    async def look():
        while not over.is_set():
            began, worked = clock(), time.process_time()
            assert (await line.get("/live")).status_code == 200
            waits.append(min(clock() - began, time.process_time() - worked))
            await asyncio.sleep(0.005)

    looking = asyncio.create_task(look())
    try:
        yield waits
    finally:
        over.set()
        await looking


async def least_of_the_longest(office, act):
    found = []
    for _ in range(LOOKS):
        async with longest_wait(office.client()) as waits:
            answer = await act()
        found.append(max(waits))
        if found[-1] <= PROMISED:
            break
    return answer, min(found)


@pytest.mark.parametrize("path", [LEDGER, TASKS])
async def test_400_000_rows_hold_nobody_and_are_refused_in_words(office, path):
    desk = await office.desk_of("小陈")
    answer, waited = await least_of_the_longest(office, lambda: upload(desk, path, a_long_sheet(400_000)))
    assert answer.status_code == 422, answer.text
    assert "一次最多读取 5000 行" in answer.text
    assert "请拆成几个文件" in answer.text
    assert waited <= PROMISED


@pytest.mark.parametrize(
    ("path", "columns"), [(LEDGER, ["标题", "挂号时间", "牵头单位"]), (TASKS, TASK_COLUMNS)]
)
async def test_as_many_rows_as_are_taken_hold_nobody(office, path, columns):
    desk = await office.desk_of("小陈")
    rows = [[f"路口坑槽{number}"] * len(columns) for number in range(4_900)]
    answer, waited = await least_of_the_longest(office, lambda: upload(desk, path, a_sheet(columns, rows)))
    assert answer.status_code == 200, answer.text
    assert "路口坑槽" in answer.text
    assert waited <= PROMISED


async def test_a_sheet_in_the_child_reads_as_it_does_here():
    cells = [
        ["长沙", 7, 2.5, True, None, date(2026, 3, 1), datetime.fromisoformat("2026-03-01T08:30")],
        [10.0**300, "=1", -1],
    ]
    sheet = write_sheet([SheetColumn(header=str(n)) for n in range(7)], cells, title="各种各样")
    told = await read_foreign_workbook(sheet)
    assert told == read_workbook(sheet)
    assert [list(map(type, row.cells)) for row in told[0].rows] == [
        list(map(type, row.cells)) for row in read_sheet(sheet)
    ]


async def test_a_child_that_takes_too_long_or_too_much_ends_and_is_told_in_words():
    for limits in ({"seconds": 0.01}, {"megabytes": 24}):
        with pytest.raises(UnreadableSheet, match="表格内容太多"):
            await read_foreign_workbook(a_long_sheet(400_000), **limits)


async def test_a_sheet_whose_words_fill_memory_is_refused(monkeypatch):
    monkeypatch.setattr(foreign_sheets, "MOST_ANSWER_BYTES", 1_000)
    with pytest.raises(UnreadableSheet, match="表格内容太多"):
        await read_foreign_workbook(a_sheet(["标题"], [["坑槽" * 1_000]]))


async def test_a_refused_sheet_says_why():
    with pytest.raises(UnreadableSheet) as refused:
        await read_foreign_workbook(b"PK\x03\x04 and no more")
    assert (refused.value.message, refused.value.hint) == ("文件已经损坏，打不开。", SAVE_AS)
