"""The task list as a sheet: the template and the list in force, with the same columns as the import."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import date

from models.vocabulary import Role
from server.gateways.excel import SheetColumn, write_sheet
from server.gateways.workbooks import Cell
from server.sheets.reading_cells import LAST_MEASURE
from server.tasks.columns import COLUMNS
from server.tasks.comparing import in_words
from server.tasks.directory import Directory
from server.tasks.reading import as_kept, current_tasks, load_directory

NOTES = (
    "填写说明：每行一项任务；表头请勿改动，可以增删行；标题、说明、合计行和空行不会当作任务读入。",
    "单位和人员用系统里的名称；多个单位或人员用顿号隔开；重名的人员写成“姓名（单位）”。",
)


async def template(year: int, *, today: date) -> bytes:
    """Return an empty task list to fill in, with the current units and officials to choose from."""
    directory = await load_directory(today)
    return await asyncio.to_thread(write_list, [], year=year, directory=directory)


async def export(year: int, *, today: date) -> bytes:
    """Return the list in force as a sheet; importing it again changes nothing."""
    directory = await load_directory(today)
    kept = as_kept(await current_tasks(year), directory=directory)
    rows = [in_words(task, directory=directory) for task in kept]
    return await asyncio.to_thread(write_list, rows, year=year, directory=directory)


def write_list(rows: Iterable[Mapping[str, Cell]], *, year: int, directory: Directory | None = None) -> bytes:
    """Return a sheet from rows by column key, offering the directory's names to choose. Blocks: use a thread."""
    columns = [
        SheetColumn(
            header=column.header,
            width=column.width,
            hint=column.hint,
            choices=_choices(column.key, directory=directory),
            other_allowed=True,
        )
        for column in COLUMNS
    ]
    cells = ([row.get(column.key) for column in COLUMNS] for row in rows)
    return write_sheet(columns, cells, title=f"{year}年度全面深化改革任务清单", notes=NOTES)


def _choices(key: str, *, directory: Directory | None) -> list[str]:
    if key == "measure":
        return [str(number) for number in range(1, LAST_MEASURE + 1)]
    if key == "is_major":
        return ["是", "否"]
    if directory and key == "lead_unit":
        return directory.unit_names()
    if directory and key == "leading_official":
        return directory.official_names(Role.LEADING_OFFICIAL)
    return []
