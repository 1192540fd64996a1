"""The ledger: numbered items that everything hangs on."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from models.vocabulary import LedgerState, ObservationKind

if TYPE_CHECKING:
    from models.organisation import Organisation
    from models.person import Person
    from models.task import ReformTask


class NumberSeries(Model):
    """The last number given by an organisation in a series and year; its row lock makes numbers gapless."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="number_series", on_delete=fields.RESTRICT
    )
    series = fields.CharField(max_length=12)
    year = fields.IntField()
    last_number = fields.IntField(default=0)

    class Meta:
        table = "number_series"
        unique_together = (("organisation_id", "series", "year"),)


class LedgerItem(Model):
    """A matter under a number, from 挂号 to 销号; the number is never reused (M09)."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="ledger_items", on_delete=fields.RESTRICT
    )
    series = fields.CharField(max_length=12)
    year = fields.IntField()
    number = fields.IntField()
    number_text = fields.CharField(max_length=32, unique=True)
    round = fields.IntField(default=1)
    state = fields.CharEnumField(LedgerState, max_length=12, default=LedgerState.REGISTERED)
    kind = fields.CharEnumField(ObservationKind, max_length=16)
    title = fields.CharField(max_length=60)
    summary = fields.TextField(default="")  # the office's own words, never the reporter's
    place_name = fields.CharField(max_length=120, default="")
    wgs_latitude = fields.FloatField(null=True)
    wgs_longitude = fields.FloatField(null=True)
    task: fields.ForeignKeyNullableRelation[ReformTask] = fields.ForeignKeyField(
        "models.ReformTask", related_name="ledger_items", null=True, on_delete=fields.RESTRICT
    )
    lead_unit: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="items_led", null=True, on_delete=fields.RESTRICT
    )
    due_on = fields.DateField(null=True)
    registered_at = fields.DatetimeField()
    registered_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="items_registered", on_delete=fields.RESTRICT
    )
    version = fields.IntField(default=1)

    organisation_id: UUID
    task_id: UUID | None
    lead_unit_id: UUID | None
    registered_by_id: UUID

    class Meta:
        table = "ledger_item"
        unique_together = (("organisation_id", "series", "year", "number"),)
        indexes = (("registered_at", "id"), ("state", "registered_at"), ("lead_unit_id",), ("task_id",))
