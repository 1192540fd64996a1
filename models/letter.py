"""Letters that an office writes to a unit about an item: drafted, signed, acknowledged, replied to."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.fields import Field
from tortoise.models import Model

from models.vocabulary import LetterState

if TYPE_CHECKING:
    from models.ledger import LedgerItem
    from models.organisation import Organisation
    from models.person import Person


class Letter(Model):
    """A letter about an item. From its sign-off it has a number, and its words never change.

    `kind` is a kind of the city pack. For one `occasion` an item gets one letter of a kind, besides voided ones.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    item: fields.ForeignKeyRelation[LedgerItem] = fields.ForeignKeyField(
        "models.LedgerItem", related_name="letters", on_delete=fields.RESTRICT
    )
    kind = fields.CharField(max_length=24)
    occasion = fields.CharField(max_length=80)
    round = fields.IntField(db_default=1)  # the round of the item
    item_version = fields.IntField(db_default=0)  # the version whose facts the words state; 0 if not known
    issuer: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="letters", on_delete=fields.RESTRICT
    )
    unit: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="letters_received", null=True, on_delete=fields.RESTRICT
    )
    official: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="letters_received", null=True, on_delete=fields.RESTRICT
    )
    state = fields.CharEnumField(LetterState, max_length=12, db_default=LetterState.DRAFT)
    version = fields.IntField(db_default=1)
    series = fields.CharField(max_length=12)
    year: int | None = fields.IntField(null=True)
    number: int | None = fields.IntField(null=True)
    number_text = cast("Field[str | None]", fields.CharField(max_length=40, unique=True, null=True))
    issuer_name = fields.CharField(max_length=80)
    addressee = fields.CharField(max_length=80)
    copy_to = fields.CharField(max_length=200, db_default="")
    title = fields.CharField(max_length=120)
    body = fields.TextField()
    annexes = fields.TextField(db_default="")  # a line for each
    reason = fields.CharField(max_length=200, db_default="")  # why a step of the ladder is skipped
    template_version = fields.IntField()
    reply_days = fields.IntField(
        db_default=0
    )  # working days to reply from the sign-off; 0 if no reply is asked for
    reply_due_on = fields.DateField(null=True)
    drafted_at = fields.DatetimeField(null=True)
    drafted_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="letters_drafted", null=True, on_delete=fields.RESTRICT
    )
    submitted_at = fields.DatetimeField(null=True)
    issued_on = fields.DateField(null=True)
    issued_at = fields.DatetimeField(null=True)
    issued_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="letters_issued", null=True, on_delete=fields.RESTRICT
    )
    received_at = fields.DatetimeField(null=True)
    received_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="letters_acknowledged", null=True, on_delete=fields.RESTRICT
    )
    voided_at = fields.DatetimeField(null=True)
    voided_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="letters_voided", null=True, on_delete=fields.RESTRICT
    )
    void_reason = fields.CharField(max_length=200, db_default="")

    item_id: UUID
    issuer_id: UUID
    unit_id: UUID | None
    official_id: UUID | None
    drafted_by_id: UUID | None
    issued_by_id: UUID | None
    received_by_id: UUID | None

    class Meta:
        table = "letter"
        unique_together = (("issuer_id", "series", "year", "number"),)
        indexes = (("state", "issued_at"), ("unit_id", "state"), ("item_id", "kind"))


class LetterReply(Model):
    """What a unit replied to a letter, and whether the office accepted it; both are kept."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    letter: fields.ForeignKeyRelation[Letter] = fields.ForeignKeyField(
        "models.Letter", related_name="replies", on_delete=fields.RESTRICT
    )
    text = fields.TextField()
    replied_at = fields.DatetimeField()
    by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="letter_replies", on_delete=fields.RESTRICT
    )
    is_late = fields.BooleanField()
    is_accepted = fields.BooleanField(null=True)
    words = fields.CharField(max_length=1000, db_default="")  # the office's, with its decision
    decided_at = fields.DatetimeField(null=True)
    decided_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="letter_replies_decided", null=True, on_delete=fields.RESTRICT
    )

    letter_id: UUID
    by_id: UUID

    class Meta:
        table = "letter_reply"
        indexes = (("letter_id", "replied_at"),)
