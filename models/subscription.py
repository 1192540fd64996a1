"""What people allow the office to send them through WeChat: the office's own count, because WeChat tells none."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from models.vocabulary import SubscriptionOutcome

if TYPE_CHECKING:
    from models.person import Person


class SubscriptionQuota(Model):
    """How many messages of a template somebody has allowed, and what he answered last."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="subscriptions", on_delete=fields.CASCADE
    )
    template = fields.CharField(max_length=64)
    credits = fields.IntField(db_default=0)
    outcome = fields.CharEnumField(SubscriptionOutcome, max_length=8)
    told_at = fields.DatetimeField()

    person_id: UUID

    class Meta:
        table = "subscription_quota"
        unique_together = (("person_id", "template"),)


class Consent(Model):
    """That somebody has read and agreed to a version of the privacy guideline, and when."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="consents", on_delete=fields.CASCADE
    )
    version = fields.CharField(max_length=20)
    agreed_at = fields.DatetimeField()

    person_id: UUID

    class Meta:
        table = "consent"
        unique_together = (("person_id", "version"),)
