"""The inbox: each event that concerns a person, as a message that stays until it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

if TYPE_CHECKING:
    from models.person import Person


class InboxMessage(Model):
    """What a person is told about one journal entry; the inbox row is the delivery."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="inbox", on_delete=fields.CASCADE
    )
    entry_id = fields.BigIntField()
    title = fields.CharField(max_length=40)
    body = fields.CharField(max_length=300)
    subject_kind = fields.CharField(max_length=30)
    subject_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    read_at = fields.DatetimeField(null=True)

    person_id: UUID

    class Meta:
        table = "inbox_message"
        unique_together = (("person_id", "entry_id"),)
        indexes = (("person_id", "created_at"),)
