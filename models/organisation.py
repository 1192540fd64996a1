"""The organisations of a city: a tree under the reform office."""

from __future__ import annotations

from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from models.vocabulary import OrganisationKind


class Organisation(Model):
    """An office, county-level unit or department; `path` holds the codes from the root down."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    code = fields.CharField(max_length=32, unique=True)
    name = fields.CharField(max_length=80, unique=True)
    short_name = fields.CharField(max_length=20)
    kind = fields.CharEnumField(OrganisationKind, max_length=32)
    parent: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="children", null=True, on_delete=fields.RESTRICT
    )
    path = fields.CharField(max_length=400, unique=True)  # "/office/county/bureau/": subtree = prefix
    series = fields.CharField(max_length=12, null=True)  # the issuer of ledger numbers, if it registers items
    sort_order = fields.IntField(default=0)
    closed_on = fields.DateField(null=True)  # from this day on it takes no people and no work
    created_at = fields.DatetimeField(auto_now_add=True)
    search_text = fields.TextField(db_default="")  # set by the database: names and code in their search form

    parent_id: UUID | None

    class Meta:
        table = "organisation"
