"""Reading the task list; the number of queries never depends on the length of the list."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

import msgspec
from tortoise.expressions import Q
from tortoise.query_utils import Prefetch
from tortoise.queryset import QuerySet

from models import AnnualTaskList, Duty, Organisation, Person, ReformTask, TaskImport
from models.vocabulary import Role, TaskListState
from server.people.duties import holds_on
from server.tasks.comparing import Changes, compare
from server.tasks.directory import Directory, Official, Unit
from server.tasks.refusals import TaskUnknown
from server.tasks.task_rows import Task

# Permissions of public office; citizens and other reporters are never looked up by name.
OFFICES = (
    Role.COMMISSIONER,
    Role.DEPARTMENT_CONTACT,
    Role.LEADING_OFFICIAL,
    Role.OFFICE_STAFF,
    Role.OFFICE_LEAD,
)


async def current_list(year: int) -> AnnualTaskList | None:
    """Return the version of a year's list that is in force."""
    return await AnnualTaskList.get_or_none(year=year, state=TaskListState.PUBLISHED)


async def versions(year: int) -> list[AnnualTaskList]:
    """Return all versions of a year's list, newest first."""
    return await AnnualTaskList.filter(year=year).order_by("-version")


async def years() -> list[int]:
    """Return the years that have a task list, newest first."""
    rows = await AnnualTaskList.all().distinct().order_by("-year").values("year")
    return [row["year"] for row in rows]


async def titles_of(task_list_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the titles of task lists, such as 2026年第2版."""
    found = await AnnualTaskList.filter(id__in=set(task_list_ids))
    return {one.id: f"{one.year}年第{one.version}版" for one in found}


async def current_tasks(year: int) -> list[ReformTask]:
    """Return the tasks in force by code, with lead unit, official, supporting units and commissioners prefetched."""
    return await _whole(ReformTask.filter(year=year, is_current=True)).order_by("code")


async def tasks_of(person: Person, *, year: int) -> list[ReformTask]:
    """Return the tasks in force that a person leads or answers for, or that their unit leads or supports."""
    mine = Q(leading_official_id=person.id) | Q(commissioners__id=person.id)
    if person.organisation_id:
        mine |= Q(lead_unit_id=person.organisation_id) | Q(supporting_units__id=person.organisation_id)
    ids = await ReformTask.filter(mine, year=year, is_current=True).distinct().values_list("id", flat=True)
    return await _whole(ReformTask.filter(id__in=ids)).order_by("code")


async def task(task_id: UUID) -> ReformTask:
    """Return one task, in force or not; raises TaskUnknown."""
    found = await _whole(ReformTask.filter(id=task_id)).first()
    if found is None:
        raise TaskUnknown
    return found


async def changes_in(task_list: AnnualTaskList, *, today: date) -> Changes:
    """Return what a version changed against the one before it (LED-01)."""
    earlier = await AnnualTaskList.get_or_none(year=task_list.year, version=task_list.version - 1)
    directory = await load_directory(today)
    before = await _rows_of(earlier) if earlier else []
    return compare(before, await _rows_of(task_list), directory=directory)


async def load_directory(today: date) -> Directory:
    """Return all units, and everybody who holds or held an office, with the roles held today."""
    units = await Organisation.all().order_by("sort_order", "code")
    duties = (
        await Duty.filter(role__in=OFFICES).select_related("person").order_by("person__designation", "id")
    )
    people = {duty.person_id: duty.person for duty in duties}
    return Directory(
        units=[
            Unit(id=unit.id, name=unit.name, short_name=unit.short_name, kind=unit.kind) for unit in units
        ],
        officials=[
            Official(
                id=person.id,
                designation=person.designation,
                unit_id=person.organisation_id,
                roles=_roles(duties, person=person, today=today),
            )
            for person in people.values()
        ],
    )


def as_kept(tasks: Iterable[ReformTask], *, directory: Directory) -> list[Task]:
    """Return tasks of the database in the form in which sheets are compared with them."""
    return [
        Task(
            row=0,
            code=task.code,
            measure=task.measure,
            name=task.name,
            content=task.content,
            is_major=task.is_major,
            lead_unit_id=task.lead_unit_id,
            supporting_unit_ids=directory.in_order(unit.id for unit in task.supporting_units),
            leading_official_id=task.leading_official_id,
            commissioner_ids=directory.in_order(person.id for person in task.commissioners),
            due_on=task.due_on,
        )
        for task in tasks
    ]


async def _rows_of(task_list: AnnualTaskList) -> list[Task]:
    """Return the rows a version was published with; every import that led to it holds the same ones."""
    source = await TaskImport.filter(confirmed_list_id=task_list.id).order_by("created_at").first()
    return msgspec.convert(source.rows, list[Task]) if source else []


def _whole(tasks: QuerySet[ReformTask]) -> QuerySet[ReformTask]:
    return tasks.select_related(
        "lead_unit", "leading_official", "leading_official__organisation"
    ).prefetch_related(
        Prefetch("supporting_units", queryset=Organisation.all().order_by("sort_order", "code")),
        Prefetch(
            "commissioners", queryset=Person.all().select_related("organisation").order_by("designation")
        ),
    )


def _roles(duties: Iterable[Duty], *, person: Person, today: date) -> frozenset[Role]:
    if not person.is_active:
        return frozenset()
    return frozenset(
        duty.role
        for duty in duties
        if duty.person_id == person.id and holds_on(today, since=duty.since_on, until=duty.until_on)
    )
