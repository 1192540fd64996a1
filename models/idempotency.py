"""What was answered to a deed that carries a key, so that a retry gets the same answer."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

if TYPE_CHECKING:
    from models.person import Person


class IdempotencyKey(Model):
    """One deed under a key of the phone's own: person, route and key are unique; kept for 90 days."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="idempotency_keys", on_delete=fields.CASCADE
    )
    route = fields.CharField(max_length=120)
    key = fields.CharField(max_length=80)
    fingerprint = fields.CharField(max_length=64)
    answer = fields.TextField(default="")
    made_at = fields.DatetimeField()

    person_id: UUID

    class Meta:
        table = "idempotency_key"
        unique_together = (("person_id", "route", "key"),)
        indexes = (("made_at",),)
