"""The WeChat messages that people allow the office to send; the office keeps its own count, as WeChat gives none."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from models.vocabulary import SubscribeMessageState, SubscriptionOutcome

if TYPE_CHECKING:
    from models.person import Person


class SubscriptionQuota(Model):
    """How many messages of a template somebody has allowed, and what they answered last."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="subscriptions", on_delete=fields.CASCADE
    )
    template = fields.CharField(max_length=64)
    credits = fields.IntField(db_default=0)
    is_long_term = fields.BooleanField(db_default=False)  # one permission allows any number of messages
    outcome = fields.CharEnumField(SubscriptionOutcome, max_length=8)
    told_on = fields.DateField()

    person_id: UUID

    class Meta:
        table = "subscription_quota"
        unique_together = (("person_id", "template"),)


class Consent(Model):
    """That somebody has read and agreed to a version of the privacy guideline, and on which day."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="consents", on_delete=fields.CASCADE
    )
    version = fields.CharField(max_length=20)
    agreed_on = fields.DateField()  # a day, because the minute would match the person's first report

    person_id: UUID

    class Meta:
        table = "consent"
        unique_together = (("person_id", "version"),)


class SubscribeMessage(Model):
    """A message through WeChat that points to the inbox; `cause` decides that each event is told once.

    It holds fixed words and ledger numbers, never anything that somebody wrote about a matter or a person.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="wechat_messages", on_delete=fields.CASCADE
    )
    cause = fields.CharField(max_length=40)  # entry:<number> or day:<date>
    purpose = fields.CharField(max_length=20)
    template = fields.CharField(max_length=64)
    entry_id: int | None = fields.BigIntField(null=True)
    title = fields.CharField(max_length=20)
    about = fields.CharField(max_length=20)
    page = fields.CharField(max_length=120)
    is_minor = fields.BooleanField(db_default=False)
    caused_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    until_at = fields.DatetimeField()
    state = fields.CharEnumField(SubscribeMessageState, max_length=10)
    attempts = fields.IntField(db_default=0)
    batch: UUID | None = fields.UUIDField(null=True)
    claimed_at: datetime | None = fields.DatetimeField(null=True)
    settled_at: datetime | None = fields.DatetimeField(null=True)
    errcode: int | None = fields.IntField(null=True)

    person_id: UUID

    class Meta:
        table = "subscribe_message"
        unique_together = (("person_id", "cause", "purpose"),)
        indexes = (("state", "due_at"),)


class DigestSent(Model):
    """That a person was told through WeChat on a day that there is news of their reports; of which, nothing tells."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="digests", on_delete=fields.CASCADE
    )
    day = fields.DateField()

    person_id: UUID

    class Meta:
        table = "digest_sent"
        unique_together = (("person_id", "day"),)
        indexes = (("day",),)


class DigestFailures(Model):
    """How many digests of a day WeChat refused for a fault of ours; whose, nothing tells."""

    day = fields.DateField(primary_key=True)
    failures = fields.IntField()

    class Meta:
        table = "digest_failures"
