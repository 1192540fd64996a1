"""The annual task list: the reform tasks of a year, who leads, who supports, who answers for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from models.vocabulary import TaskListState

if TYPE_CHECKING:
    from models.organisation import Organisation
    from models.person import Person


class AnnualTaskList(Model):
    """A version of a year's task list; a new import makes a new version and supersedes the old."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    year = fields.IntField()
    version = fields.IntField()
    state = fields.CharEnumField(TaskListState, max_length=12)
    digest = fields.CharField(max_length=64)  # of the rows, so that importing the same sheet changes nothing
    source_name = fields.CharField(max_length=120)
    published_at = fields.DatetimeField()

    class Meta:
        table = "annual_task_list"
        unique_together = (("year", "version"),)


class ReformTask(Model):
    """A reform task: exactly one lead unit and one leading official (M03), at least one commissioner (M04)."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    task_list: fields.ForeignKeyRelation[AnnualTaskList] = fields.ForeignKeyField(
        "models.AnnualTaskList", related_name="tasks", on_delete=fields.RESTRICT
    )
    year = fields.IntField()
    code = fields.CharField(max_length=20)  # stable across versions: "2026-01"
    measure = fields.IntField()  # 1 to 20
    name = fields.CharField(max_length=120)
    content = fields.TextField(default="")
    is_major = fields.BooleanField(default=True)
    lead_unit: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="tasks_led", on_delete=fields.RESTRICT
    )
    leading_official: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="tasks_led", on_delete=fields.RESTRICT
    )
    due_on = fields.DateField()
    is_current = fields.BooleanField(default=True)  # false once a newer version dropped it
    supporting_units: fields.ManyToManyRelation[Organisation] = fields.ManyToManyField(
        "models.Organisation", related_name="tasks_supported", through="task_supporting_unit"
    )
    commissioners: fields.ManyToManyRelation[Person] = fields.ManyToManyField(
        "models.Person", related_name="tasks_answered_for", through="task_commissioner"
    )

    lead_unit_id: UUID
    leading_official_id: UUID
    task_list_id: UUID

    class Meta:
        table = "reform_task"
        unique_together = (("year", "code"),)
        indexes = (("lead_unit_id",),)


class TaskImport(Model):
    """A read sheet waiting for confirmation: its rows as understood, and what is wrong with them."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    token_hash = fields.CharField(max_length=64, unique=True)
    year = fields.IntField()
    source_name = fields.CharField(max_length=120)
    rows: list[dict[str, Any]] = fields.JSONField()
    problems: list[dict[str, Any]] = fields.JSONField()
    created_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="task_imports", on_delete=fields.RESTRICT
    )
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    confirmed_list: fields.ForeignKeyNullableRelation[AnnualTaskList] = fields.ForeignKeyField(
        "models.AnnualTaskList", related_name="imports", null=True, on_delete=fields.RESTRICT
    )

    created_by_id: UUID
    confirmed_list_id: UUID | None

    class Meta:
        table = "task_import"
