"""A preview shows what a sheet says, what is wrong and what it would change; the list stays as it is."""

from datetime import timedelta

import pytest

from models import AnnualTaskList, JournalEntry, ReformTask, TaskImport
from models.vocabulary import Role
from server import tasks
from tests.server.tasks.conftest import a_foreign_sheet, a_row, a_sheet


async def test_a_first_list_is_all_new_and_nothing_is_written_yet(city):
    shown = await city.preview(a_sheet(a_row(1), a_row(2)), source_name="C:\\公文\\2026清单.xlsx")

    assert [row.cells["code"] for row in shown.rows] == ["2026-01", "2026-02"]
    assert (shown.problems, shown.gaps, shown.base_version) == ([], [], 0)
    assert shown.can_be_confirmed
    assert [task.code for task in shown.changes.added] == ["2026-01", "2026-02"]
    assert (shown.source_name, shown.expires_at - city.now < timedelta(minutes=30)) == ("2026清单.xlsx", True)
    assert await ReformTask.all().count() == await AnnualTaskList.all().count() == 0


async def test_the_token_is_kept_only_as_a_hash(city):
    shown = await city.preview(a_sheet(a_row()))

    kept = await TaskImport.get()
    assert shown.token not in (kept.token_hash, str(kept.rows))
    assert len(kept.token_hash) == 64


async def test_changes_are_named_field_by_field(city):
    await city.publish(a_row(1), a_row(2), a_row(3))

    shown = await city.preview(
        a_sheet(
            a_row(1),
            a_row(
                2,
                due_on="2027年6月底",
                lead_unit="市财政局",
                supporting_units="",
                commissioners="王科长、周明",
            ),
            a_row(4),
        )
    )

    changes = shown.changes
    assert [task.code for task in changes.unchanged] == ["2026-01"]
    assert [task.code for task in changes.added] == ["2026-04"]
    assert [(task.code, task.name) for task in changes.dropped] == [("2026-03", "第3项任务")]
    assert [(field.column, field.old, field.new) for field in changes.changed[0].fields] == [
        ("牵头单位", "市住房城乡建设局", "市财政局"),
        ("配合单位", "市财政局、东山区、西河县", ""),
        ("改革专员", "王科长", "周明、王科长"),
        ("完成时限", "2026-12-31", "2027-06-30"),
    ]
    assert shown.base_version == 1


async def test_a_task_that_cannot_be_read_yet_is_not_shown_as_dropped(city):
    await city.publish(a_row(1), a_row(2))

    shown = await city.preview(a_sheet(a_row(1), a_row(2, lead_unit="市住建局、市财政局")))

    assert shown.changes.is_empty
    assert [(problem.row, problem.column) for problem in shown.problems] == [(6, "牵头单位")]
    assert not shown.can_be_confirmed


async def test_the_same_sheet_again_says_that_nothing_changes(city):
    await city.publish(a_row(1), a_row(2))

    assert (await city.preview(a_sheet(a_row(2), a_row(1)))).changes.is_empty


async def test_problems_of_cells_and_of_names_come_in_the_order_of_the_rows(city):
    sheet = a_foreign_sheet(
        ["2026年度任务清单"],
        ["编号", "措施", "任务名称", "牵头单位", "牵头领导", "改革专员", "完成时间"],
        [1, "第1项", "甲", "市住建局", "祁望川", "老马", "年底"],
        [2, "三十", "乙", "市住建局", "祁望川", "王科长", "年底"],
        [3, "3", "丙", "气象台", "祁望川", "王科长", "长期"],
    )

    shown = await city.preview(sheet)

    assert [(problem.row, problem.column) for problem in shown.problems] == [
        (3, "改革专员"),
        (4, "对应措施"),
        (5, "完成时限"),
        (5, "牵头单位"),
    ]


async def test_reporters_are_not_looked_up_by_name(city):
    """A name in a sheet must not reveal whether a person of that name reports to the office."""
    await city.office.enrol("老马", Role.TEAM_MEMBER)

    known = await city.preview(a_sheet(a_row(commissioners="老马")))
    unknown = await city.preview(a_sheet(a_row(commissioners="老牛")))

    assert known.problems[0].what.replace("老马", "X") == unknown.problems[0].what.replace("老牛", "X")


@pytest.mark.parametrize("file", [b"", b"name,unit", b"PK\x03\x04"])
async def test_a_file_that_is_no_sheet_is_refused_in_plain_words(city, file):
    with pytest.raises(tasks.TaskSheetUnreadable) as refused:
        await city.preview(file)

    assert "文件" in refused.value.message
    assert refused.value.hint


async def test_a_preview_leaves_no_journal_entry(city):
    before = await JournalEntry.all().count()

    await city.preview(a_sheet(a_row()))

    assert await JournalEntry.all().count() == before
