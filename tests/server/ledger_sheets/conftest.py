"""A desk that exports the ledger as a sheet, changes cells, and imports it again."""

from datetime import date, timedelta

import asyncpg
import pytest

from models import AnnualTaskList, Export, LedgerImport, ReformTask
from models.vocabulary import ExportState, ImportState, Role, TaskListState
from server import exports, ledger_sheets
from server.gateways.excel import SheetColumn, write_sheet
from server.gateways.workbooks import read_sheet
from server.kernel.clock import business_date
from server.ledger import LedgerView
from tests.conftest import until
from tests.factories import registered_item

HEADER = 2  # the export has a title and a line of notes above it
OF_THE_QUEUE = "pgqueuer"


class Sheets:
    """小陈 of the reform office, and her work with sheets."""

    def __init__(self, office, url):
        self.office, self.url = office, url

    async def enter(self):
        self.chen = await self.office.actor(await self.office.enrol("小陈", Role.OFFICE_STAFF))
        await self.office.enrol("王科长", Role.COMMISSIONER, organisation=self.office.bureau)
        return self

    @property
    def now(self):
        return self.office.watch.now()

    def day(self, days):
        return business_date(self.now) + timedelta(days=days)

    async def item(self, title="路口坑槽", *, office=None, unit=None, **stands):
        """Create an item; `stands` is set as if the actions had been done."""
        return await registered_item(
            self.office,
            by=self.chen,
            root=office,
            title=title,
            new={"place_name": "北京路口", "lead_unit_id": unit and unit.id},
            now=self.now,
            **stands,
        )

    async def task(self, code):
        """Create a published task that the bureau leads."""
        year, leader = int(code[:4]), await self.office.enrol("祁书记", Role.LEADING_OFFICIAL)
        stands = {"year": year, "version": 1, "state": TaskListState.PUBLISHED, "published_at": self.now}
        task_list = await AnnualTaskList.create(**stands, digest="0" * 64, source_name="清单")
        return await ReformTask.create(
            task_list=task_list,
            year=year,
            code=code,
            measure=9,
            name="老旧小区改造",
            lead_unit=self.office.bureau,
            leading_official=leader,
            due_on=date(year, 12, 31),
        )

    async def exported(self, by=None, **wanted):
        """Return the file that the worker makes of a list."""
        by = by or self.chen
        export = await exports.ask_export(LedgerView(**wanted), by=by, now=self.now)
        ready = {"id": export.id, "state": ExportState.READY}
        await until(lambda: Export.get_or_none(**ready))
        tools = self.office.tools
        _, data = await exports.fetch(export.id, by=by, storage=tools.storage, keys=tools.keys, now=self.now)
        return data

    async def preview(self, sheet, by=None):
        return await ledger_sheets.preview(sheet, source_name="台账.xlsx", by=by or self.chen, now=self.now)

    async def brought_in(self, seen):
        """Confirm a preview and wait for the worker."""
        assert seen.problems == []
        await ledger_sheets.confirm(seen.kept.id, by=self.chen, now=self.now)

        async def ended():
            found = await LedgerImport.get(id=seen.kept.id)
            return found if found.state in (ImportState.DONE, ImportState.REFUSED) else None

        return await until(ended)

    async def everything(self):
        """Return a digest of every row of each of our tables."""
        connection = await asyncpg.connect(self.url)
        try:
            names = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            return {
                name: await connection.fetchval(
                    f'SELECT md5(string_agg(t::text, chr(31) ORDER BY t::text)) FROM "{name}" t'
                )
                for name in [row["tablename"] for row in names]
                if not name.startswith(OF_THE_QUEUE)
            }
        finally:
            await connection.close()


def a_sheet(headers, rows):
    """Return a sheet with a title over all columns, as an office would write it."""
    return write_sheet([SheetColumn(header=one) for one in headers], rows, title="台账")


def edited(data, changes):
    """Return an exported sheet with other cells: {number: {header: value}}; None as value drops the row."""
    _, _, header, *rows = read_sheet(data)
    lines = []
    for row in rows:
        wanted = changes.get(row.cells[0], {})
        if wanted is not None:
            cells = dict(zip(header.cells, row.cells, strict=True)) | wanted
            lines.append(list(cells.values()))
    return a_sheet(header.cells, lines)


@pytest.fixture
async def sheets(office, database_url):
    return await Sheets(office, database_url).enter()
