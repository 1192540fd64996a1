"""The inbox: one message for each event that concerns a person; reading it does not remove it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

if TYPE_CHECKING:
    from models.observation import Observation
    from models.person import Person
    from models.reminder import Reminder


class InboxMessage(Model):
    """What a person is told about one journal entry or by one reminder; the inbox row is the delivery."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="inbox", on_delete=fields.CASCADE
    )
    entry_id: int | None = fields.BigIntField(null=True)
    reminder: fields.OneToOneNullableRelation[Reminder] = fields.OneToOneField(
        "models.Reminder", related_name="message", null=True, on_delete=fields.CASCADE
    )
    title = fields.CharField(max_length=40)
    body = fields.CharField(max_length=300)
    subject_kind = fields.CharField(max_length=30)
    subject_id = fields.UUIDField()
    created_at = fields.DatetimeField()
    read_on: date | None = fields.DateField(null=True)

    person_id: UUID
    reminder_id: UUID | None

    class Meta:
        table = "inbox_message"
        unique_together = (("person_id", "entry_id"),)
        indexes = (("person_id", "created_at"),)


class ReportMessage(Model):
    """What the reporter of an observation is told about one journal entry.

    It hangs on the report and names no person. That it was read stands in ReadMarks: written here, a moment would
    stand on the report at which somebody used the program.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    observation: fields.ForeignKeyRelation[Observation] = fields.ForeignKeyField(
        "models.Observation", related_name="messages", on_delete=fields.CASCADE
    )
    entry_id = fields.BigIntField()
    title = fields.CharField(max_length=40)
    body = fields.CharField(max_length=300)
    created_at = fields.DatetimeField()

    observation_id: UUID

    class Meta:
        table = "report_message"
        unique_together = (("observation_id", "entry_id"),)
        indexes = (("created_at",),)


class ReadMarks(Model):
    """Which messages about their reports a person has read, sealed: a row says only that they opened some."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    person: fields.OneToOneRelation[Person] = fields.OneToOneField(
        "models.Person", related_name="read_marks", on_delete=fields.CASCADE
    )
    sealed = fields.TextField()
    key_id = fields.CharField(max_length=40)

    person_id: UUID

    class Meta:
        table = "read_marks"
