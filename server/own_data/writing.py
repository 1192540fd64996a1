"""Writing a person's own data into a sheet that a phone can open and send on."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from server.gateways.excel import SheetColumn, write_sheet
from server.kernel.clock import SHANGHAI
from server.own_data.collecting import DataRow

COLUMNS = [
    SheetColumn(header="类别", width=14),
    SheetColumn(header="时间", width=20),
    SheetColumn(header="内容", width=60),
    SheetColumn(header="说明", width=50),
]
KEPT = "已经挂号的事项按工作档案保存，注销以后只留下内容，不再对应到您。"


async def write_file(lines: Sequence[DataRow], *, now: datetime) -> bytes:
    """Return the lines as an .xlsx file."""
    rows = [
        (what, at.astimezone(SHANGHAI) if isinstance(at, datetime) else at, text, more)
        for what, at, text, more in lines
    ]
    local = now.astimezone(SHANGHAI)
    notes = [f"导出时间：{local:%Y-%m-%d %H:%M}", KEPT]
    return await asyncio.to_thread(write_sheet, COLUMNS, rows, title="我的数据", notes=notes)
