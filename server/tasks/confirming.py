"""Publishing a previewed list: all of it or nothing, and once, however often it is requested."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from models import AnnualTaskList, Person, ReformTask, TaskImport
from models.vocabulary import TaskListState
from server import journal
from server.kernel.unit_of_work import raw_connection, unit_of_work
from server.tasks.comparing import fingerprint
from server.tasks.refusals import (
    TaskImportExpired,
    TaskImportUnknown,
    TaskListMovedOn,
    TaskSheetHasProblems,
)
from server.tasks.task_rows import Task
from server.tasks.tokens import base_version_of, token_hash

LOCK = 7_202_612  # with the year: one confirmation of a year's list at a time
KEPT_FIELDS = (
    "task_list_id",
    "measure",
    "name",
    "content",
    "is_major",
    "lead_unit_id",
    "leading_official_id",
    "due_on",
    "is_current",
)


@unit_of_work
async def confirm(token: str, *, by: Person, now: datetime) -> AnnualTaskList:
    """Put a previewed sheet in force; the version before it is superseded.

    The same token returns the same version again; rows that equal the version in force change nothing and return that
    version. Tasks keep their id by year and code; those missing from the sheet are no longer current. Raises
    TaskImportUnknown, TaskImportExpired, TaskSheetHasProblems or TaskListMovedOn.
    """
    source = await _hold(token, by=by)
    if source.confirmed_list_id:
        return await AnnualTaskList.get(id=source.confirmed_list_id)
    if source.problems:
        raise TaskSheetHasProblems(problems=source.problems)
    if now > source.expires_at:
        raise TaskImportExpired

    tasks = msgspec.convert(source.rows, list[Task])
    in_force = await AnnualTaskList.get_or_none(year=source.year, state=TaskListState.PUBLISHED)
    if in_force and in_force.digest == fingerprint(tasks):
        await _settle(source, in_force)
        return in_force
    if base_version_of(token) != (in_force.version if in_force else 0):
        raise TaskListMovedOn
    return await _publish(tasks, source=source, in_force=in_force, by=by, now=now)


async def _hold(token: str, *, by: Person) -> TaskImport:
    """Return the import of this token and person, with its year locked until the unit of work ends."""
    found = await TaskImport.get_or_none(token_hash=token_hash(token), created_by_id=by.id)
    if found is None:
        raise TaskImportUnknown
    await raw_connection().execute("SELECT pg_advisory_xact_lock($1, $2)", LOCK, found.year)
    return await TaskImport.get(id=found.id)


async def _publish(
    tasks: Sequence[Task],
    *,
    source: TaskImport,
    in_force: AnnualTaskList | None,
    by: Person,
    now: datetime,
) -> AnnualTaskList:
    if in_force:
        await AnnualTaskList.filter(id=in_force.id).update(state=TaskListState.SUPERSEDED)
    published = await AnnualTaskList.create(
        year=source.year,
        version=in_force.version + 1 if in_force else 1,
        state=TaskListState.PUBLISHED,
        digest=fingerprint(tasks),
        source_name=source.source_name,
        published_at=now,
    )
    await _write(tasks, task_list=published)
    await _settle(source, published)
    await journal.record(
        "annual_task_list.published",
        published,
        by=by,
        year=published.year,
        version=published.version,
        tasks=len(tasks),
        digest=published.digest,
    )
    return published


async def _settle(source: TaskImport, task_list: AnnualTaskList) -> None:
    await TaskImport.filter(id=source.id).update(confirmed_list_id=task_list.id)


async def _write(tasks: Sequence[Task], *, task_list: AnnualTaskList) -> None:
    year = task_list.year
    await ReformTask.filter(year=year, is_current=True).update(is_current=False)
    await ReformTask.bulk_create(
        [_row(task, task_list=task_list) for task in tasks],
        on_conflict=["year", "code"],
        update_fields=KEPT_FIELDS,
    )
    ids = dict(await ReformTask.filter(year=year, is_current=True).values_list("code", "id"))
    await _name(
        "task_supporting_unit",
        "organisation_id",
        {ids[task.code]: task.supporting_unit_ids for task in tasks},
    )
    await _name("task_commissioner", "person_id", {ids[task.code]: task.commissioner_ids for task in tasks})


def _row(task: Task, *, task_list: AnnualTaskList) -> ReformTask:
    return ReformTask(
        task_list_id=task_list.id,
        year=task_list.year,
        code=task.code,
        measure=task.measure,
        name=task.name,
        content=task.content,
        is_major=task.is_major,
        lead_unit_id=task.lead_unit_id,
        leading_official_id=task.leading_official_id,
        due_on=task.due_on,
        is_current=True,
    )


async def _name(table: str, column: str, named: dict[UUID, tuple[UUID, ...]]) -> None:
    """Let each task name exactly these units or people; `table` and `column` are constants of this file."""
    pairs = [(task_id, other) for task_id, others in named.items() for other in others]
    connection = raw_connection()
    await connection.execute(f"DELETE FROM {table} WHERE reform_task_id = ANY($1::uuid[])", list(named))  # noqa: S608
    await connection.execute(
        f"INSERT INTO {table} (reform_task_id, {column}) SELECT * FROM unnest($1::uuid[], $2::uuid[])",  # noqa: S608
        [task_id for task_id, _ in pairs],
        [other for _, other in pairs],
    )
