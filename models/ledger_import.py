"""Ledger imports from spreadsheets, from preview to end, and what was taken over from older ledgers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from models.vocabulary import ImportState

if TYPE_CHECKING:
    from models.ledger import LedgerItem
    from models.organisation import Organisation
    from models.person import Person


class LedgerImport(Model):
    """A read sheet: the changes it asks for, and how far the worker has brought them."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="ledger_imports", on_delete=fields.RESTRICT
    )
    source_name = fields.CharField(max_length=120)
    changes: list[dict[str, Any]] = fields.JSONField()
    problems: list[dict[str, Any]] = fields.JSONField(default=list)  # why the worker changed nothing
    state = fields.CharEnumField(ImportState, max_length=12, default=ImportState.PREVIEWED)
    done = fields.IntField(default=0)
    total = fields.IntField()
    previewed_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    confirmed_at = fields.DatetimeField(null=True)
    finished_at = fields.DatetimeField(null=True)

    person_id: UUID

    class Meta:
        table = "ledger_import"
        indexes = (("person_id", "previewed_at"), ("state", "expires_at"))


class OldEntry(Model):
    """A line of an older ledger that stands under a number of ours; the digest keeps it from coming in twice."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    item: fields.OneToOneRelation[LedgerItem] = fields.OneToOneField(
        "models.LedgerItem", related_name="old_entry", on_delete=fields.RESTRICT
    )
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="old_entries", on_delete=fields.RESTRICT
    )
    old_number = fields.CharField(max_length=60, default="")
    digest = fields.CharField(max_length=64)
    taken_over_at = fields.DatetimeField()

    item_id: UUID
    organisation_id: UUID

    class Meta:
        table = "old_entry"
        unique_together = (("organisation_id", "digest"),)
