"""Paper letters that an office issues about an item: numbered, dated, with their wording as issued."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from models.vocabulary import TemplatePurpose

if TYPE_CHECKING:
    from models.ledger import LedgerItem
    from models.organisation import Organisation
    from models.person import Person


class Letter(Model):
    """A letter as it was issued; a row is never changed. For one `occasion` an item gets one letter of a kind."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    item: fields.ForeignKeyRelation[LedgerItem] = fields.ForeignKeyField(
        "models.LedgerItem", related_name="letters", on_delete=fields.RESTRICT
    )
    purpose = fields.CharEnumField(TemplatePurpose, max_length=24)
    occasion = fields.CharField(max_length=80)
    issuer: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="letters", on_delete=fields.RESTRICT
    )
    series = fields.CharField(max_length=12)
    year = fields.IntField()
    number = fields.IntField()
    number_text = fields.CharField(max_length=40, unique=True)
    issuer_name = fields.CharField(max_length=80)
    addressee = fields.CharField(max_length=80)
    title = fields.CharField(max_length=120)
    body = fields.TextField()
    template_version = fields.IntField()
    issued_on = fields.DateField()
    issued_at = fields.DatetimeField()
    issued_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="letters_issued", on_delete=fields.RESTRICT
    )

    item_id: UUID
    issuer_id: UUID
    issued_by_id: UUID

    class Meta:
        table = "letter"
        unique_together = (("item_id", "purpose", "occasion"), ("issuer_id", "series", "year", "number"))
