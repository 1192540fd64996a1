"""Pseudonymous persons, their duties and, stored apart from both, who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from models.vocabulary import Role, Scope

if TYPE_CHECKING:
    from models.organisation import Organisation


class Person(Model):
    """Somebody who acts in the system, under a designation; real names and phones are in Identity."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    designation = fields.CharField(max_length=40)  # an official's name of office, or an invented one
    search_text = fields.TextField(db_default="")  # set by the database: the designation in its search form
    organisation: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="people", null=True, on_delete=fields.RESTRICT
    )
    is_active = fields.BooleanField(default=True)
    created_on = fields.DateField()  # a day, because the minute would match the person's first report
    leaves_at = fields.DatetimeField(null=True)  # asked to leave; until then they may cancel
    duties: fields.ReverseRelation[Duty]

    organisation_id: UUID | None

    class Meta:
        table = "person"


class Duty(Model):
    """A role with a scope, held for a term: what a person may do and how far it reaches."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="duties", on_delete=fields.CASCADE
    )
    role = fields.CharEnumField(Role, max_length=32)
    scope = fields.CharEnumField(Scope, max_length=12)
    organisation: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="duties", null=True, on_delete=fields.RESTRICT
    )
    title = fields.CharField(max_length=60, default="")
    since_on = fields.DateField()
    until_on = fields.DateField(null=True)  # the last day it holds

    organisation_id: UUID | None
    person_id: UUID

    class Meta:
        table = "duty"
        indexes = (("person_id",),)


class Identity(Model):
    """Who a person is outside: sealed fields with a keyed hash beside each for look-up. Never shown, never logged."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    person: fields.OneToOneRelation[Person] = fields.OneToOneField(
        "models.Person", related_name="identity", on_delete=fields.CASCADE
    )
    openid_sealed = fields.TextField(null=True)
    openid_lookup = fields.CharField(max_length=64, unique=True, null=True)
    phone_sealed = fields.TextField(null=True)
    phone_lookup = fields.CharField(max_length=64, unique=True, null=True)
    real_name_sealed = fields.TextField(null=True)
    real_name_lookup = fields.CharField(max_length=64, null=True)
    nickname_sealed = fields.TextField(null=True)  # shown only to the person
    avatar_sealed = fields.TextField(null=True)  # a small JPEG in base64, shown only to the person
    unionid_sealed = fields.TextField(null=True)  # of officials, to find them at the service account
    unionid_lookup = fields.CharField(max_length=64, null=True)
    service_openid_sealed: str | None = fields.TextField(null=True)  # their account at the service account
    wecom_sealed = fields.TextField(null=True)
    email_sealed = fields.TextField(null=True)
    key_id = fields.CharField(max_length=40)  # of the latest sealing, so that rotation finds old ones

    person_id: UUID

    class Meta:
        table = "identity"
        indexes = (("real_name_lookup",), ("unionid_lookup",), ("key_id",))


class Salt(Model):
    """Random bytes of a person's own, sealed; without them nothing finds their reports (server.reporters).

    Who was somebody else before, as a citizen who joined, has that one's salt beside their own. Boxes hold the salt's
    id, so that a report follows its reporter without being touched.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    person_id = fields.UUIDField()  # whose it is today; deleted with the person
    sealed = fields.TextField()
    key_id = fields.CharField(max_length=40)  # of the sealing, so that rotation finds old ones

    class Meta:
        table = "salt"
        indexes = (("person_id",), ("key_id",))
