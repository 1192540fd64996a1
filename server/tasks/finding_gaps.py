"""Finding what the list in force lacks, also after people have changed office (M04: no task without a person)."""

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

from models import ReformTask
from models.vocabulary import Role
from server.tasks.columns import BY_KEY
from server.tasks.directory import Directory
from server.tasks.reading import as_kept, current_tasks, load_directory
from server.tasks.task_rows import Task


class Gap(Struct, frozen=True, kw_only=True):
    """Something a task of the list lacks, and what to do."""

    code: str
    name: str
    column: str
    what: str
    advice: str


async def gaps(year: int, *, today: date) -> list[Gap]:
    """Return every gap of the list in force, by task; empty when each task has all its people in office."""
    return (await current_and_gaps(year, today=today))[1]


async def current_and_gaps(year: int, *, today: date) -> tuple[list[ReformTask], list[Gap]]:
    """Return the tasks in force and every gap among them, reading the list once."""
    directory, current = await load_directory(today), await current_tasks(year)
    return current, find_gaps(as_kept(current, directory=directory), directory=directory)


def find_gaps(tasks: Sequence[Task], *, directory: Directory) -> list[Gap]:
    """Return the gaps of these tasks, given the people in office."""
    return [gap for task in tasks for gap in _gaps_of(task, directory=directory)]


def _gaps_of(task: Task, *, directory: Directory) -> Iterable[Gap]:
    gone = [one for one in task.commissioner_ids if not directory.holds(one, Role.COMMISSIONER)]
    for one in gone:
        what = f"“{directory.official_name(one)}”现在不是改革专员。"
        yield _gap(task, "commissioners", what, advice="请写明接任的改革专员，重新导入清单。")
    if len(gone) == len(task.commissioner_ids):
        yield _gap(task, "commissioners", "没有在任的改革专员。", advice="请至少指定一位改革专员。")
    if not directory.holds(task.leading_official_id, Role.LEADING_OFFICIAL):
        what = f"“{directory.official_name(task.leading_official_id)}”现在不是牵头领导。"
        yield _gap(task, "leading_official", what, advice="请写明接任的牵头领导，重新导入清单。")
    if task.is_major and not task.supporting_unit_ids:
        yield _gap(
            task, "supporting_units", "重大任务没有配合单位。", advice="请补上配合单位，组成工作专班。"
        )
    if not task.content:
        yield _gap(task, "content", "没有任务内容。", advice="请写明要做什么、做到什么程度。")


def _gap(task: Task, key: str, what: str, *, advice: str) -> Gap:
    return Gap(code=task.code, name=task.name, column=BY_KEY[key].header, what=what, advice=advice)
