"""The journal: who did what to what, and when. Append-only; every row is a row of the ledger (decision 0020)."""

from __future__ import annotations

from typing import Any

from tortoise import fields
from tortoise.models import Model


class JournalEntry(Model):
    """One action. Number and time are set by the database; nothing is ever changed or removed.

    `detail` never holds personal data: ids, states, numbers and words of the office only.
    """

    id = fields.BigIntField(primary_key=True)
    at = fields.DatetimeField()
    event = fields.CharField(max_length=60, source_field="deed")  # renaming the column would cover it again
    subject_kind = fields.CharField(max_length=30)
    subject_id = fields.UUIDField()
    detail: dict[str, Any] = fields.JSONField()

    class Meta:
        table = "journal_entry"
        indexes = (("subject_id", "id"),)


class JournalActor(Model):
    """Who did what an entry tells; actions of reporters and of the machine have no row."""

    id = fields.BigIntField(primary_key=True, generated=False)
    actor_id = fields.UUIDField()

    class Meta:
        table = "journal_actor"
