"""What is exported can be imported again: export → import = no change."""

from models.vocabulary import Role
from server import tasks
from server.gateways.workbooks import read_sheet
from tests.server.tasks.conftest import a_row


async def test_an_exported_list_imported_again_changes_nothing(city):
    published = await city.publish(
        a_row(1),
        a_row(2, name="=1+1", content="第一行\n第二行", supporting_units="", is_major="否"),
        a_row(3, commissioners="王科长、周明", content=""),
    )

    sheet = await tasks.export(2026, today=city.today)

    shown = await city.preview(sheet)
    assert (shown.problems, shown.changes.is_empty) == ([], True)
    assert (await tasks.confirm(shown.token, by=city.chen, now=city.now)).id == published.id
    assert (await tasks.current_tasks(2026))[1].name == "=1+1"


async def test_homonyms_are_written_so_that_they_can_be_read_back(city):
    await city.office.enrol("王科长", Role.COMMISSIONER, organisation=city.finance)
    await city.publish(a_row(1, commissioners="王科长（市财政局）、王科长（市住建局）"))

    sheet = await tasks.export(2026, today=city.today)

    written = str(read_sheet(sheet)[-1].cells[8]).split("、")  # people with the same name have no order
    assert sorted(written) == ["王科长（市住建局）", "王科长（市财政局）"]
    assert (await city.preview(sheet)).changes.is_empty


async def test_the_template_has_the_columns_of_the_import_and_no_task(city):
    sheet = await tasks.template(2026, today=city.today)

    rows = read_sheet(sheet)
    assert rows[0].cells[0] == "2026年度全面深化改革任务清单"
    assert list(rows[-1].cells) == [column.header for column in tasks.COLUMNS]
