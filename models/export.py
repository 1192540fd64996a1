"""Exported files and saved views."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from models.vocabulary import ExportState

if TYPE_CHECKING:
    from models.person import Person


class Export(Model):
    """A file that a person asked for, made by the worker and kept for a day (DAT-04)."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="exports", on_delete=fields.RESTRICT
    )
    kind = fields.CharField(max_length=20)
    wanted: dict[str, Any] = fields.JSONField()
    state = fields.CharEnumField(ExportState, max_length=8, default=ExportState.WAITING)
    done = fields.IntField(default=0)
    total = fields.IntField()
    key = fields.CharField(max_length=160, null=True)
    bytes = fields.BigIntField(default=0)
    asked_at = fields.DatetimeField()
    made_at = fields.DatetimeField(null=True)
    expires_at = fields.DatetimeField(null=True)

    person_id: UUID

    class Meta:
        table = "export"
        indexes = (("person_id", "asked_at"), ("state", "expires_at"))


class SavedView(Model):
    """A list with its filters under a name of somebody's own (LED-11)."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="saved_views", on_delete=fields.CASCADE
    )
    page = fields.CharField(max_length=20)
    name = fields.CharField(max_length=30)
    query = fields.CharField(max_length=500)
    saved_at = fields.DatetimeField()

    person_id: UUID

    class Meta:
        table = "saved_view"
        unique_together = (("person_id", "page", "name"),)
