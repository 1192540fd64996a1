"""A small city with a task list to import."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO

import pytest
import xlsxwriter

from models import Organisation, Person
from models.vocabulary import OrganisationKind, Role
from server import people, tasks
from server.kernel.clock import business_date


@dataclass
class City:
    """The people and units that these tests' sheets name, and the office's two desks."""

    office: object
    chen: Person
    gao: Person
    wang: Person
    zhou: Person
    qi: Person
    finance: Organisation

    @property
    def now(self):
        return self.office.watch.now()

    @property
    def today(self):
        return business_date(self.now)

    async def preview(self, sheet, *, by=None, now=None, year=2026, source_name="清单.xlsx"):
        return await tasks.preview(
            sheet, year=year, source_name=source_name, by=by or self.chen, now=now or self.now
        )

    async def publish(self, *rows, by=None):
        """Preview and confirm a sheet of these rows."""
        shown = await self.preview(a_sheet(*rows), by=by)
        return await tasks.confirm(shown.token, by=by or self.chen, now=self.now)


@pytest.fixture
async def city(office):
    finance = await people.add_organisation(
        "市财政局",
        code="finance",
        kind=OrganisationKind.RESPONSIBLE_UNIT,
        by=None,
        parent=office.root,
        sort_order=5,
    )
    for at, name in enumerate(["东山区", "西河县"]):
        await people.add_organisation(
            name,
            code=f"county-{at}",
            kind=OrganisationKind.COUNTY_UNIT,
            by=None,
            parent=office.root,
            sort_order=9,
        )
    return City(
        office=office,
        finance=finance,
        chen=await office.enrol("小陈", Role.OFFICE_STAFF),
        gao=await office.enrol("小高", Role.OFFICE_STAFF),
        qi=await office.enrol("祁望川", Role.LEADING_OFFICIAL),
        wang=await office.enrol("王科长", Role.COMMISSIONER, organisation=office.bureau),
        zhou=await office.enrol("周明", Role.COMMISSIONER, organisation=finance),
    )


def a_row(number=1, **changes):
    """Return a complete task as a row by column key."""
    return {
        "code": f"2026-{number:02d}",
        "measure": (number - 1) % 20 + 1,
        "name": f"第{number}项任务",
        "content": "写明要做什么",
        "is_major": "是",
        "lead_unit": "市住建局",
        "supporting_units": "市财政局、各县(市)区",
        "leading_official": "祁望川",
        "commissioners": "王科长",
        "due_on": date(2026, 12, 31),
    } | changes


def a_sheet(*rows):
    """Return the rows in the office's own template."""
    return tasks.write_list(rows, year=2026)


def a_foreign_sheet(*lines):
    """Return a sheet with these cells, made by somebody else."""
    file = BytesIO()
    with xlsxwriter.Workbook(file) as workbook:
        sheet = workbook.add_worksheet()
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line)
    return file.getvalue()
