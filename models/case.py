"""Cases: what a supervised unit sees of a report, written by the office, never the submission (D13)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from models.vocabulary import CaseState, DayPart

if TYPE_CHECKING:
    from models.ledger import LedgerItem
    from models.organisation import Organisation
    from models.person import Person
    from models.photo import Photo


class Case(Model):
    """A ledger item told to its unit in the office's own words. Its id is random and says nothing of when."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    item: fields.ForeignKeyRelation[LedgerItem] = fields.ForeignKeyField(
        "models.LedgerItem", related_name="cases", on_delete=fields.RESTRICT
    )
    round = fields.IntField()  # the round of the item
    unit: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="cases", on_delete=fields.RESTRICT
    )
    state = fields.CharEnumField(CaseState, max_length=10)
    summary = fields.TextField()
    place_name = fields.CharField(max_length=120)
    seen_on = fields.DateField()
    seen_part = fields.CharEnumField(DayPart, max_length=10)
    opened_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="cases_opened", on_delete=fields.RESTRICT
    )
    opened_at = fields.DatetimeField()
    possible_reporters: int | None = fields.IntField(null=True)  # only for the office
    narrow_because = fields.TextField(default="")  # why it was opened although few people could have reported
    released_on = fields.DateField(null=True)
    position = fields.IntField(null=True)  # the position in its batch, drawn by lot

    item_id: UUID
    unit_id: UUID
    opened_by_id: UUID

    class Meta:
        table = "unit_case"
        indexes = (("unit_id", "released_on"), ("item_id",), ("state",))


class CasePicture(Model):
    """A photo that the office explicitly released for a case; the unit sees a copy without any mark."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField(
        "models.Case", related_name="pictures", on_delete=fields.CASCADE
    )
    photo: fields.ForeignKeyRelation[Photo] = fields.ForeignKeyField(
        "models.Photo", related_name="cases", on_delete=fields.RESTRICT
    )
    position = fields.IntField()

    case_id: UUID
    photo_id: UUID

    class Meta:
        table = "case_picture"
        unique_together = (("case_id", "photo_id"),)


class CaseAnswer(Model):
    """What a unit answers to the office, and what the office made of it for the reporter."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField(
        "models.Case", related_name="answers", on_delete=fields.RESTRICT
    )
    by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="case_answers", on_delete=fields.RESTRICT
    )
    text = fields.TextField()
    answered_at = fields.DatetimeField()
    forwarded_words = fields.TextField(default="")
    forwarded_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="case_answers_forwarded", null=True, on_delete=fields.RESTRICT
    )
    forwarded_at = fields.DatetimeField(null=True)

    case_id: UUID
    by_id: UUID

    class Meta:
        table = "case_answer"
        indexes = (("case_id", "answered_at"),)


class CaseBatch(Model):
    """A day on which prepared cases went out: there is one batch a day, so that its hour tells nothing."""

    released_on = fields.DateField(primary_key=True)

    class Meta:
        table = "case_batch"
