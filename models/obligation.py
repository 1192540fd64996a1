"""Obligations: what must be done how often, by whom, and what proves that it was done (LED-14)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from models.vocabulary import CadencePeriod, ProofKind

if TYPE_CHECKING:
    from models.organisation import Organisation
    from models.person import Person


class CadenceRule(Model):
    """A cadence rule that the office has changed or added; one without a row is as the city pack has it."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    code = fields.CharField(max_length=40, unique=True)
    content: dict[str, Any] = fields.JSONField()
    version = fields.IntField(default=1)

    class Meta:
        table = "cadence_rule"


class CadenceRuleVersion(Model):
    """What a cadence rule said at one time; rows are only added. The city pack's has no author and no time."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    rule: fields.ForeignKeyRelation[CadenceRule] = fields.ForeignKeyField(
        "models.CadenceRule", related_name="versions", on_delete=fields.RESTRICT
    )
    version = fields.IntField()
    content: dict[str, Any] = fields.JSONField()
    why = fields.CharField(max_length=200)
    at: datetime | None = fields.DatetimeField(null=True)
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="cadence_rule_versions", null=True, on_delete=fields.RESTRICT
    )

    rule_id: UUID
    by_id: UUID | None

    class Meta:
        table = "cadence_rule_version"
        unique_together = (("rule_id", "version"),)


class Obligation(Model):
    """What one organisation owes in one period, as its rule said when it opened; its state is derived from proofs."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    rule_code = fields.CharField(max_length=80)
    rule_version = fields.IntField()
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="obligations", on_delete=fields.RESTRICT
    )
    about_id: UUID | None = fields.UUIDField(null=True)  # the topic call that asks for it, if no rule does
    name = fields.CharField(max_length=60)
    period = fields.CharEnumField(CadencePeriod, max_length=8, null=True)
    starts_on = fields.DateField()
    due_on: date = fields.DateField()  # the last day of its period
    soon_on = fields.DateField()  # from this day on it counts as due soon
    least = fields.IntField()
    most: int | None = fields.IntField(null=True)
    proofs: list[str] = fields.JSONField()  # the kinds of proof that count
    measure: int | None = fields.IntField(null=True)
    opened_at = fields.DatetimeField()

    organisation_id: UUID

    class Meta:
        table = "obligation"
        unique_together = (("rule_code", "organisation_id", "starts_on"),)
        indexes = (("due_on",), ("organisation_id", "due_on"))


class Proof(Model):
    """That an organisation did something on a day; it counts for every obligation of that day that accepts its kind.

    `counts_on` is the day of what was done, `handed_in_on` the day it was recorded, which alone decides whether it was
    late.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="proofs", on_delete=fields.RESTRICT
    )
    kind = fields.CharEnumField(ProofKind, max_length=30)
    about_id: UUID | None = fields.UUIDField(null=True)
    counts_on: date = fields.DateField()
    handed_in_on: date = fields.DateField()
    handed_in_at = fields.DatetimeField()
    by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="proofs", on_delete=fields.RESTRICT
    )
    title = fields.CharField(max_length=120)
    subject_kind = fields.CharField(max_length=30)  # the record that it stands for
    subject_id: UUID = fields.UUIDField()
    withdrawn_at = fields.DatetimeField(null=True)
    withdrawn_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="proofs_withdrawn", null=True, on_delete=fields.RESTRICT
    )
    withdrawn_because = fields.CharField(max_length=200, db_default="")

    organisation_id: UUID
    by_id: UUID
    withdrawn_by_id: UUID | None

    class Meta:
        table = "proof"
        unique_together = (("subject_kind", "subject_id", "kind"),)
        indexes = (("organisation_id", "counts_on"),)
