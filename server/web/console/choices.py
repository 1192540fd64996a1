"""Suggestions for form fields that complete while typing, and the records that typed choices stand for."""

from dataclasses import dataclass
from uuid import UUID

from models import Observation
from server import people, tasks
from server.ledger.dispatching import WORKERS
from server.web.console.refusals import TaskNotOnList, UnitNotKnown


@dataclass(frozen=True)
class TaskChoice:
    """A task of the year as a suggestion."""

    words: str
    unit: str


async def task_choices(year: int) -> list[TaskChoice]:
    """Return the tasks in force, each with the unit that leads it."""
    found = await tasks.current_tasks(year)
    return [TaskChoice(task_words(one.code, one.name), one.lead_unit.name) for one in found]


async def unit_choices() -> list[str]:
    """Return the names of all organisations in the office's order."""
    return [one.name for _, one in await people.organisation_tree()]


async def worker_choices() -> list[str]:
    """Return the names of the organisations that can be given work, in the office's order."""
    return [one.name for _, one in await people.organisation_tree() if one.kind in WORKERS]


def task_words(code: str, name: str) -> str:
    """Return a task as a choice: its code, then its name."""
    return f"{code} {name}"


def named_task(observation: Observation) -> TaskChoice | None:
    """Return the task the reporter named, as a choice; the task and its lead unit must be loaded."""
    task = observation.task
    return TaskChoice(task_words(task.code, task.name), task.lead_unit.name) if task else None


async def chosen_task(words: str, *, year: int) -> UUID | None:
    """Return the id of the chosen task, or None if nothing was typed. Raises TaskNotOnList."""
    if not words:
        return None
    code = words.split()[0]
    for task in await tasks.current_tasks(year):
        if code == task.code:
            return task.id
    raise TaskNotOnList(f"任务清单里没有“{words}”这一项。")


async def chosen_unit(name: str) -> UUID | None:
    """Return the id of the unit with this full or short name, or None if nothing was typed. Raises UnitNotKnown."""
    if not name:
        return None
    known = await units_by_name()
    if name not in known:
        raise UnitNotKnown(f"系统里没有名为“{name}”的单位。")
    return known[name]


async def units_by_name() -> dict[str, UUID]:
    """Return the ids of all units by full and short name; a name shared by two belongs to the first."""
    pairs = [
        (name, one.id) for _, one in await people.organisation_tree() for name in (one.name, one.short_name)
    ]
    return dict(reversed(pairs))
