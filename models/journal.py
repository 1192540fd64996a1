"""The journal: who did what to what, and when. Append-only and hash-chained by the database itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model


class JournalEntry(Model):
    """One deed. Number, time, `prev` and `hash` are set by a trigger; nothing is ever changed or removed.

    `detail` never holds personal data: ids, states, numbers and words of the office only.
    """

    id = fields.BigIntField(primary_key=True)
    at = fields.DatetimeField()
    deed = fields.CharField(max_length=60)
    subject_kind = fields.CharField(max_length=30)
    subject_id = fields.UUIDField()
    actor_id: UUID | None = fields.UUIDField(null=True)
    detail: dict[str, Any] = fields.JSONField()
    prev = fields.CharField(max_length=64)
    hash = fields.CharField(max_length=64)

    class Meta:
        table = "journal_entry"
        indexes = (("subject_id", "id"),)


class JournalHead(Model):
    """The one row that every new entry locks: number and hash of the last entry."""

    id = fields.IntField(primary_key=True)
    last_id = fields.BigIntField()
    last_hash = fields.CharField(max_length=64)

    class Meta:
        table = "journal_head"
