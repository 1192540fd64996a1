"""The problem banks: what was found, studied and, if needed, referred to the reform commission (M11)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from models.columns import optional_code
from models.vocabulary import (
    AgendaState,
    BankLevel,
    Difficulty,
    ProblemCause,
    ProblemKind,
    ProblemSourceKind,
    ProblemState,
    Solver,
)

if TYPE_CHECKING:
    from models.ledger import LedgerItem
    from models.organisation import Organisation
    from models.person import Person
    from models.task import ReformTask


class Problem(Model):
    """A problem under the number of the bank that took it in; the number goes with it wherever it goes."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    origin: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="problems_taken_in", on_delete=fields.RESTRICT
    )  # the bank that gave the number
    bank: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="problems", on_delete=fields.RESTRICT
    )  # the bank that keeps it now
    level = fields.CharEnumField(BankLevel, max_length=16)  # the level of the bank that keeps it now
    series = fields.CharField(max_length=12)
    year = fields.IntField()
    number = fields.IntField()
    number_text = fields.CharField(max_length=48)
    state = fields.CharEnumField(ProblemState, max_length=12)
    title = fields.CharField(max_length=60)
    summary = fields.TextField(default="")
    place_name = fields.CharField(max_length=120, default="")
    search_text = fields.TextField(
        db_default=""
    )  # set by the database: title, number and place in their search form
    wgs_latitude = fields.FloatField(null=True)
    wgs_longitude = fields.FloatField(null=True)
    task: fields.ForeignKeyNullableRelation[ReformTask] = fields.ForeignKeyField(
        "models.ReformTask", related_name="problems", null=True, on_delete=fields.RESTRICT
    )
    kind = optional_code(ProblemKind, max_length=16)
    cause = optional_code(ProblemCause, max_length=16)
    difficulty = optional_code(Difficulty, max_length=12)
    solver = optional_code(Solver, max_length=12)
    triage_words = fields.TextField(default="")
    item: fields.ForeignKeyNullableRelation[LedgerItem] = fields.ForeignKeyField(
        "models.LedgerItem", related_name="problems", null=True, on_delete=fields.RESTRICT
    )  # the ledger item it became
    merged_into: fields.ForeignKeyNullableRelation[Problem] = fields.ForeignKeyField(
        "models.Problem", related_name="merged", null=True, on_delete=fields.RESTRICT
    )
    collected_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="problems_collected", on_delete=fields.RESTRICT
    )
    collected_at = fields.DatetimeField()
    touched_at = fields.DatetimeField()  # of the last action
    version = fields.IntField(default=1)

    origin_id: UUID
    bank_id: UUID
    task_id: UUID | None
    item_id: UUID | None
    merged_into_id: UUID | None
    collected_by_id: UUID

    class Meta:
        table = "problem"
        unique_together = (("origin_id", "series", "year", "number"),)
        indexes = (("bank_id", "state"), ("collected_at", "id"), ("touched_at",), ("item_id",))


class ProblemSource(Model):
    """Where a problem comes from; read from the problem and from the source alike."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    problem: fields.ForeignKeyRelation[Problem] = fields.ForeignKeyField(
        "models.Problem", related_name="sources", on_delete=fields.CASCADE
    )
    kind = fields.CharEnumField(ProblemSourceKind, max_length=16)
    source_id: UUID | None = fields.UUIDField(null=True)
    words = fields.CharField(max_length=200, default="")

    problem_id: UUID

    class Meta:
        table = "problem_source"
        indexes = (("kind", "source_id"), ("problem_id",))


class AgendaEntry(Model):
    """A problem put before the reform commission (提请), and what the commission decided."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    problem: fields.ForeignKeyRelation[Problem] = fields.ForeignKeyField(
        "models.Problem", related_name="agenda_entries", on_delete=fields.RESTRICT
    )
    state = fields.CharEnumField(AgendaState, max_length=8)
    request = fields.TextField()
    asked_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="agenda_entries_asked", on_delete=fields.RESTRICT
    )
    asked_at = fields.DatetimeField()
    decision = fields.TextField(default="")
    decided_on = fields.DateField(null=True)
    recorded_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="agenda_entries_recorded", null=True, on_delete=fields.RESTRICT
    )
    item: fields.ForeignKeyNullableRelation[LedgerItem] = fields.ForeignKeyField(
        "models.LedgerItem", related_name="agenda_entries", null=True, on_delete=fields.RESTRICT
    )  # the ledger item that came from the decision

    problem_id: UUID
    asked_by_id: UUID
    item_id: UUID | None

    class Meta:
        table = "agenda_entry"
        indexes = (("problem_id",), ("state", "asked_at"))
