"""Matching names to units and officials: one lead unit, one leading official, at least one commissioner. Pure."""

import re
from collections.abc import Callable, Sequence
from uuid import UUID

from models.vocabulary import Role
from server.sheets.problems import Problem
from server.tasks.columns import BY_KEY
from server.tasks.directory import Directory, NotFound, split_names
from server.tasks.task_rows import Task, TaskRow, problem

ONLY_ONE = {
    "lead_unit": "一项任务只能有一个牵头单位，请把其余的移到“配合单位”。",
    "leading_official": "一项任务只能有一位牵头领导，请只保留一位。",
}


def match_lines(lines: Sequence[TaskRow], *, directory: Directory) -> tuple[list[Task], list[Problem]]:
    """Return the lines whose names all match as tasks, and the problems of all the others."""
    tasks: list[Task] = []
    problems: list[Problem] = []
    for line in lines:
        matching = _Matching(line, directory=directory)
        task = matching.task()
        problems += matching.problems
        if task and not matching.problems:
            tasks.append(task)
    return tasks, problems


class _Matching:
    """Matches the names of one line."""

    def __init__(self, line: TaskRow, *, directory: Directory) -> None:
        self.line = line
        self.directory = directory
        self.problems: list[Problem] = []

    def task(self) -> Task | None:
        """Return the task, or None if the line or its names leave something open."""
        line = self.line
        lead = self.one("lead_unit", line.lead_units, find=self.directory.unit)
        official = self.one("leading_official", line.leading_officials, find=self.leading_official)
        commissioners = self.several("commissioners", line.commissioners, find=self.commissioner)
        supporting = self.supporting(lead)
        if not (
            line.code and line.measure and line.name and line.due_on and lead and official and commissioners
        ):
            return None
        return Task(
            row=line.row,
            code=line.code,
            measure=line.measure,
            name=line.name,
            content=line.content,
            is_major=line.is_major,
            lead_unit_id=lead,
            supporting_unit_ids=self.directory.in_order(supporting),
            leading_official_id=official,
            commissioner_ids=self.directory.in_order(commissioners),
            due_on=line.due_on,
        )

    def one(self, key: str, text: str, *, find: Callable[[str], UUID]) -> UUID | None:
        names = split_names(text)
        found = self.several(key, text, find=find) if len(names) == 1 else []
        count = max(len(names), len(found))
        if count > 1:
            what = f"{BY_KEY[key].header}写了 {count} 个：{'、'.join(names)}。"
            self.problems.append(problem(self.line.row, key, what, advice=ONLY_ONE[key]))
            return None
        return found[0] if found else None

    def several(self, key: str, text: str, *, find: Callable[[str], UUID]) -> list[UUID]:
        found: list[UUID] = []
        for name in split_names(text):
            try:
                found += self.spaced(name, find=find)
            except NotFound as error:
                self.problems.append(problem(self.line.row, key, error.what, advice=error.advice))
        return list(dict.fromkeys(found))

    def spaced(self, name: str, *, find: Callable[[str], UUID]) -> list[UUID]:
        """Find one name that may contain spaces (周 明), or several names separated only by spaces; raises NotFound."""
        try:
            return [find(name)]
        except NotFound:
            parts = re.split(r"\s+", name)
            if len(parts) == 1:
                raise
            try:
                return [find(part) for part in parts]
            except NotFound:
                pass
            raise

    def supporting(self, lead: UUID | None) -> list[UUID]:
        found: list[UUID] = []
        names = split_names(self.line.supporting_units)
        for name in names:
            whole_kind = self.directory.units(name)
            if whole_kind is not None:
                found += [unit for unit in whole_kind if unit != lead]
        rest = "、".join(name for name in names if self.directory.units(name) is None)
        named = self.several("supporting_units", rest, find=self.directory.unit)
        if lead in named:
            what = f"“{self.directory.unit_name(lead)}”已是牵头单位。" if lead else ""
            advice = "请从配合单位里删去，一个单位只填一处。"
            self.problems.append(problem(self.line.row, "supporting_units", what, advice=advice))
        return found + named

    def leading_official(self, name: str) -> UUID:
        return self.directory.official(name, role=Role.LEADING_OFFICIAL)

    def commissioner(self, name: str) -> UUID:
        return self.directory.official(name, role=Role.COMMISSIONER)
