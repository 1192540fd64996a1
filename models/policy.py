"""Policies: the office's rules as data, with every past version."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

if TYPE_CHECKING:
    from models.person import Person


class Policy(Model):
    """A rule that the office has changed; one without a row follows the city pack."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    code = fields.CharField(max_length=30, unique=True)
    content: dict[str, Any] = fields.JSONField()
    version = fields.IntField(default=1)

    class Meta:
        table = "policy"


class PolicyVersion(Model):
    """What a policy said at one time; rows are only added. The city pack's has no author and no time."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    policy: fields.ForeignKeyRelation[Policy] = fields.ForeignKeyField(
        "models.Policy", related_name="versions", on_delete=fields.RESTRICT
    )
    version = fields.IntField()
    content: dict[str, Any] = fields.JSONField()
    why = fields.CharField(max_length=200)
    at: datetime | None = fields.DatetimeField(null=True)
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="policy_versions", null=True, on_delete=fields.RESTRICT
    )

    policy_id: UUID
    by_id: UUID | None

    class Meta:
        table = "policy_version"
        unique_together = (("policy_id", "version"),)
