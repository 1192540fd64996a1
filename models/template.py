"""Official wordings that the office has adapted, with every earlier version."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from models.vocabulary import TemplatePurpose

if TYPE_CHECKING:
    from models.person import Person


class Template(Model):
    """A wording that the office has changed; one without a row reads as the standard text says."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    purpose = fields.CharEnumField(TemplatePurpose, max_length=24, unique=True)
    title = fields.CharField(max_length=40)
    body = fields.TextField()
    version = fields.IntField(default=1)

    class Meta:
        table = "template"


class TemplateVersion(Model):
    """What a template said at one time; rows are only added. The standard text has no author and no time."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    template: fields.ForeignKeyRelation[Template] = fields.ForeignKeyField(
        "models.Template", related_name="versions", on_delete=fields.RESTRICT
    )
    version = fields.IntField()
    title = fields.CharField(max_length=40)
    body = fields.TextField()
    why = fields.CharField(max_length=200)
    at = fields.DatetimeField(null=True)
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="template_versions", null=True, on_delete=fields.RESTRICT
    )

    template_id: UUID
    by_id: UUID | None

    class Meta:
        table = "template_version"
        unique_together = (("template_id", "version"),)
