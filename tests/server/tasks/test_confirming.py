"""A list is published completely or not at all, once, however often it is requested."""

import asyncio
from datetime import timedelta

import pytest
from tortoise.exceptions import IntegrityError

from models import AnnualTaskList, JournalEntry, ReformTask, TaskImport
from models.vocabulary import TaskListState
from server import tasks
from tests.conftest import who_did
from tests.server.tasks.conftest import a_row, a_sheet


async def published_entries():
    return await JournalEntry.filter(event="annual_task_list.published").order_by("id")


async def nothing_was_written():
    return not (await AnnualTaskList.exists() or await ReformTask.exists() or await published_entries())


async def test_a_confirmed_list_is_in_force_with_its_units_and_people(city):
    published = await city.publish(a_row(1), a_row(2, commissioners="周明；王科长", is_major="否"))

    first, second = await tasks.current_tasks(2026)
    assert (published.version, published.state, published.source_name) == (
        1,
        TaskListState.PUBLISHED,
        "清单.xlsx",
    )
    assert (first.code, first.measure, first.lead_unit.short_name) == ("2026-01", 1, "市住建局")
    assert [unit.name for unit in first.supporting_units] == ["市财政局", "东山区", "西河县"]
    assert first.leading_official.designation == "祁望川"
    assert [person.designation for person in second.commissioners] == ["周明", "王科长"]
    assert (first.is_major, second.is_major) == (True, False)


async def test_publishing_leaves_one_journal_entry_without_names(city):
    published = await city.publish(a_row(1), a_row(2))

    (entry,) = await published_entries()
    assert (entry.subject_id, await who_did(entry)) == (published.id, city.chen.id)
    assert entry.detail == {"year": 2026, "version": 1, "tasks": 2, "digest": published.digest}


async def test_a_problem_in_row_7_leaves_no_row_at_all(city):
    rows = [a_row(number) for number in range(1, 9)]
    rows[3] |= {"lead_unit": "市住建局、市财政局"}
    shown = await city.preview(a_sheet(*rows))

    with pytest.raises(tasks.TaskSheetHasProblems) as refused:
        await tasks.confirm(shown.token, by=city.chen, now=city.now)

    assert [problem["row"] for problem in refused.value.extra["problems"]] == [8]
    assert "市住建局、市财政局" in refused.value.extra["problems"][0]["what"]
    assert await nothing_was_written()


async def test_a_row_that_the_database_refuses_leaves_no_row_at_all(city):
    shown = await city.preview(a_sheet(*[a_row(number) for number in range(1, 9)]))
    kept = await TaskImport.get()
    kept.rows[6]["measure"] = 21
    await kept.save()

    with pytest.raises(IntegrityError):
        await tasks.confirm(shown.token, by=city.chen, now=city.now)

    assert await nothing_was_written()


async def test_the_same_token_again_gives_the_same_answer_even_when_it_has_expired(city):
    shown = await city.preview(a_sheet(a_row()))
    first = await tasks.confirm(shown.token, by=city.chen, now=city.now)

    again = await tasks.confirm(shown.token, by=city.chen, now=city.now + timedelta(days=1))

    assert again.id == first.id
    assert len(await published_entries()) == 1


async def test_the_same_rows_in_another_order_and_spelling_change_nothing(city):
    first = await city.publish(a_row(1), a_row(2))

    again = await city.publish(
        a_row(2, lead_unit="市住房城乡建设局"),
        a_row(1, due_on="年底", supporting_units="西河县、东山区 市财政局"),
    )

    assert again.id == first.id
    assert len(await published_entries()) == 1


async def test_a_new_version_supersedes_the_old_and_tasks_keep_their_id(city):
    old = await city.publish(a_row(1), a_row(2), a_row(3))
    before = {task.code: task.id for task in await tasks.current_tasks(2026)}

    new = await city.publish(a_row(1), a_row(3, name="改了名", commissioners="周明"), a_row(4))

    after = {task.code: task for task in await tasks.current_tasks(2026)}
    assert (new.version, (await tasks.current_list(2026)).id) == (2, new.id)
    assert (await AnnualTaskList.get(id=old.id)).state is TaskListState.SUPERSEDED
    assert list(after) == ["2026-01", "2026-03", "2026-04"]
    assert [after[code].id for code in ("2026-01", "2026-03")] == [before["2026-01"], before["2026-03"]]
    assert (after["2026-03"].name, [one.designation for one in after["2026-03"].commissioners]) == (
        "改了名",
        ["周明"],
    )
    assert (await tasks.task(before["2026-02"])).is_current is False


async def test_a_dropped_task_comes_back_under_its_old_id(city):
    await city.publish(a_row(1), a_row(2))
    before = (await tasks.current_tasks(2026))[1].id
    await city.publish(a_row(1))

    await city.publish(a_row(1), a_row(2))

    assert (await tasks.current_tasks(2026))[1].id == before
    assert (await tasks.current_list(2026)).version == 3


async def test_a_token_of_somebody_else_is_as_unknown_as_none(city):
    shown = await city.preview(a_sheet(a_row()))

    for token, who in ((shown.token, city.gao), ("0.abc", city.chen), ("", city.chen)):
        with pytest.raises(tasks.TaskImportUnknown):
            await tasks.confirm(token, by=who, now=city.now)
    assert await nothing_was_written()


async def test_a_token_is_good_for_30_minutes(city):
    now = city.now
    on_time = await city.preview(a_sheet(a_row()), now=now)
    too_late = await city.preview(a_sheet(a_row(2)), now=now)

    with pytest.raises(tasks.TaskImportExpired):
        await tasks.confirm(too_late.token, by=city.chen, now=now + timedelta(minutes=30, microseconds=1))
    await tasks.confirm(on_time.token, by=city.chen, now=now + timedelta(minutes=30))


async def test_a_list_that_moved_on_must_be_previewed_again(city):
    """The differences this person saw are no longer the current differences."""
    shown = await city.preview(a_sheet(a_row(1), a_row(2)))
    await city.publish(a_row(1), by=city.gao)

    with pytest.raises(tasks.TaskListMovedOn):
        await tasks.confirm(shown.token, by=city.chen, now=city.now)

    assert [task.code for task in await tasks.current_tasks(2026)] == ["2026-01"]


async def test_20_parallel_confirmations_of_one_token_make_one_version(city):
    shown = await city.preview(a_sheet(*[a_row(number) for number in range(1, 21)]))

    answers = await asyncio.gather(
        *(tasks.confirm(shown.token, by=city.chen, now=city.now) for _ in range(20))
    )

    assert len({answer.id for answer in answers}) == 1
    assert await AnnualTaskList.all().count() == len(await published_entries()) == 1
    assert len(await tasks.current_tasks(2026)) == 20


async def test_20_parallel_confirmations_of_20_sheets_make_one_version_and_19_refusals(city):
    previews = [await city.preview(a_sheet(a_row(number))) for number in range(1, 21)]

    answers = await asyncio.gather(
        *(tasks.confirm(shown.token, by=city.chen, now=city.now) for shown in previews),
        return_exceptions=True,
    )

    assert [type(answer) for answer in answers].count(tasks.TaskListMovedOn) == 19
    assert await AnnualTaskList.all().count() == await ReformTask.all().count() == 1


async def test_each_year_has_its_own_list(city):
    await city.publish(a_row(1))
    shown = await city.preview(a_sheet(a_row(1, code="2027-01", due_on="年底")), year=2027)

    published = await tasks.confirm(shown.token, by=city.chen, now=city.now)

    assert (published.year, published.version) == (2027, 1)
    assert [task.code for task in await tasks.current_tasks(2026)] == ["2026-01"]


async def test_the_changes_of_each_version_can_be_read_later(city):
    """LED-01: the difference between versions names each change and the document behind it."""
    await city.publish(a_row(1), a_row(2))
    await city.publish(a_row(1, name="改了名"), a_row(3))

    new, old = await tasks.versions(2026)
    changes = await tasks.changes_in(new, today=city.today)
    first = await tasks.changes_in(old, today=city.today)
    assert [field.column for field in changes.changed[0].fields] == ["任务名称"]
    assert ([task.code for task in changes.added], [task.code for task in changes.dropped]) == (
        ["2026-03"],
        ["2026-02"],
    )
    assert [task.code for task in first.added] == ["2026-01", "2026-02"]
