"""Sealed reports: locked identities, their key-holders, and the capabilities of nameless reporters."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from models.vocabulary import OpeningReason

if TYPE_CHECKING:
    from models.person import Person


class Keyset(Model):
    """Three key-holders, by letter: {"A": {"office": …, "name": …, "key": …}}; the one without an end is in use."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    holders: dict[str, dict[str, str]] = fields.JSONField()
    since = fields.DatetimeField()
    until: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "keyset"


class TicketDay(Model):
    """Who opened the program on a day got tickets; this tells nothing, because everybody gets them."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    person_id = fields.UUIDField()
    day = fields.DateField()

    class Meta:
        table = "ticket_day"
        unique_together = (("person_id", "day"),)


class SpentTicket(Model):
    """The hash of a used ticket's random number, until the ticket would have run out."""

    nonce_hash = fields.CharField(max_length=64, primary_key=True)
    until = fields.DateField()

    class Meta:
        table = "spent_ticket"
        indexes = (("until",),)


class SealedArrival(Model):
    """A sealed report that has come and is not entered yet; once an hour all are entered in mixed order."""

    observation_id = fields.UUIDField(primary_key=True)  # the id it will have
    columns: dict[str, Any] = fields.JSONField()  # of the observation, as JSON

    class Meta:
        table = "sealed_arrival"


class SealedAccess(Model):
    """What lets the reporter of a sealed report in: hashes of the phone's capability and of the code on paper."""

    observation_id = fields.UUIDField(primary_key=True)
    capability_hash = fields.CharField(max_length=64, unique=True)
    recovery_key = fields.CharField(max_length=64, unique=True)

    class Meta:
        table = "sealed_access"


class Escrow(Model):
    """The envelope of a sealed report under the server's own seal; its digest stands in the journal."""

    observation_id = fields.UUIDField(primary_key=True)
    keyset_id = fields.UUIDField()
    envelope_sealed = fields.TextField()
    digest = fields.CharField(max_length=64)
    # By holder whose halves a successor has: the keyset with the key that opens them now.
    handed_on: dict[str, str] | None = fields.JSONField(null=True)

    class Meta:
        table = "escrow"


class EscrowOpening(Model):
    """A wish to open an envelope: journalled before a share can be made, told to the reporter once it is open."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    observation_id = fields.UUIDField()
    reason = fields.CharEnumField(OpeningReason, max_length=16)
    words = fields.CharField(max_length=300)
    file_number = fields.CharField(max_length=60)
    reader_name = fields.CharField(max_length=60)
    reader_key = fields.TextField()
    asked_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="openings_asked", on_delete=fields.RESTRICT
    )
    asked_on: date = fields.DateField()
    answers: dict[str, str] = fields.JSONField()  # by holder; readable only by the reader
    opened_on: date | None = fields.DateField(null=True)

    asked_by_id: UUID

    class Meta:
        table = "escrow_opening"
        indexes = (("observation_id",),)


class EscrowDrill(Model):
    """Once a month two key-holders show that their keys open an envelope of nobody."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    keyset_id = fields.UUIDField()
    began_on: date = fields.DateField()
    papers: dict[str, Any] = fields.JSONField()  # by holder: the file to take home
    expected: dict[str, str] = fields.JSONField()  # by holder: the proof that their key must give
    results: dict[str, bool] = fields.JSONField()  # by holder: whether it did
    passed_on: date | None = fields.DateField(null=True)  # the day on which two had

    class Meta:
        table = "escrow_drill"
        indexes = (("keyset_id", "passed_on"),)
