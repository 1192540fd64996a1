"""Comparing a new list with the one in force, field by field. Pure."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct

from server.tasks.columns import COLUMNS
from server.tasks.directory import Directory
from server.tasks.task_rows import Task


class Named(Struct, frozen=True, kw_only=True):
    """A task by code and name."""

    code: str
    name: str


class FieldChange(Struct, frozen=True, kw_only=True):
    """One field of a task, before and after, in the words of the sheet."""

    column: str
    old: str
    new: str


class TaskChange(Struct, frozen=True, kw_only=True):
    """A task in both lists, with the fields that differ."""

    code: str
    name: str
    fields: list[FieldChange]


class Changes(Struct, frozen=True, kw_only=True):
    """The difference between the list in force and the sheet."""

    added: list[Named]
    changed: list[TaskChange]
    dropped: list[Named]
    unchanged: list[Named]

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed or self.dropped)


def compare(
    old: Sequence[Task],
    new: Sequence[Task],
    *,
    directory: Directory,
    also_named: frozenset[str] = frozenset(),
) -> Changes:
    """Return the changes from old to new tasks; `also_named` are codes of the sheet that can't be read yet."""
    before = {task.code: task for task in old}
    after = {task.code: task for task in new}
    both = [code for code in after if code in before]
    changes = [_change(before[code], after[code], directory=directory) for code in both]
    return Changes(
        added=[_named(task) for task in new if task.code not in before],
        changed=[change for change in changes if change.fields],
        dropped=[_named(task) for task in old if task.code not in {*after, *also_named}],
        unchanged=[Named(code=change.code, name=change.name) for change in changes if not change.fields],
    )


def in_words(task: Task, *, directory: Directory) -> dict[str, Any]:
    """Return a task as the cells of a sheet, by column key."""
    return {
        "code": task.code,
        "measure": task.measure,
        "name": task.name,
        "content": task.content or None,
        "is_major": "是" if task.is_major else "否",
        "lead_unit": directory.unit_name(task.lead_unit_id),
        "supporting_units": "、".join(map(directory.unit_name, task.supporting_unit_ids)) or None,
        "leading_official": directory.official_name(task.leading_official_id),
        "commissioners": "、".join(map(directory.official_name, task.commissioner_ids)),
        "due_on": task.due_on,
    }


def fingerprint(tasks: Sequence[Task]) -> str:
    """Return a SHA-256 in hex that is the same for the same tasks, whatever the order of tasks and names."""
    rows = [
        msgspec.structs.replace(
            task,
            row=0,
            supporting_unit_ids=tuple(sorted(task.supporting_unit_ids)),
            commissioner_ids=tuple(sorted(task.commissioner_ids)),
        )
        for task in sorted(tasks, key=lambda task: task.code)
    ]
    return sha256(msgspec.json.encode(rows)).hexdigest()


def _change(old: Task, new: Task, *, directory: Directory) -> TaskChange:
    before, after = in_words(old, directory=directory), in_words(new, directory=directory)
    fields = [
        FieldChange(column=column.header, old=_shown(before, column.key), new=_shown(after, column.key))
        for column in COLUMNS
        if before[column.key] != after[column.key]
    ]
    return TaskChange(code=new.code, name=new.name, fields=fields)


def _shown(words: Mapping[str, Any], key: str) -> str:
    value = words[key]
    return "" if value is None else str(value)


def _named(task: Task) -> Named:
    return Named(code=task.code, name=task.name)
