"""Sessions, console sign-ins and invitations; only hashes of tokens are stored."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from models.vocabulary import SessionChannel

if TYPE_CHECKING:
    from models.person import Person


class Session(Model):
    """One sign-in on one device, valid until it idles, ends or is revoked.

    Of phones all times are midnights and `device` is the family alone: to the minute they would stand beside a report.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="sessions", on_delete=fields.CASCADE
    )
    token_hash = fields.CharField(max_length=64, unique=True)
    channel = fields.CharEnumField(SessionChannel, max_length=8)
    device = fields.CharField(max_length=80, default="")
    created_at = fields.DatetimeField()
    seen_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)

    person_id: UUID

    class Meta:
        table = "session"
        indexes = (("person_id",),)


class ConsoleLogin(Model):
    """A name and password for the office's console; the second factor's last step is never taken twice."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    person: fields.OneToOneRelation[Person] = fields.OneToOneField(
        "models.Person", related_name="console_login", on_delete=fields.CASCADE
    )
    username = fields.CharField(max_length=40, unique=True)
    password_hash = fields.CharField(max_length=200)
    totp_sealed = fields.TextField(null=True)
    totp_last_step = fields.BigIntField(default=0)

    person_id: UUID

    class Meta:
        table = "console_login"


class Invitation(Model):
    """A code that lets its holder join as one person of the roster, once."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="invitations", on_delete=fields.CASCADE
    )
    code_hash = fields.CharField(max_length=64, unique=True)
    created_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="invitations_made", on_delete=fields.RESTRICT
    )
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    accepted_at = fields.DatetimeField(null=True)

    person_id: UUID

    class Meta:
        table = "invitation"
