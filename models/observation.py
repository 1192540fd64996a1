"""Observations: what reporters saw on site, until the office decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from models.columns import optional_code
from models.vocabulary import (
    Anonymity,
    Datum,
    ObservationKind,
    ObservationState,
    PlaceGrade,
    PlaceSource,
    ReasonUse,
    Role,
)

if TYPE_CHECKING:
    from models.ledger import LedgerItem
    from models.organisation import Organisation
    from models.person import Person
    from models.task import ReformTask


class Observation(Model):
    """What a reporter saw on site. `client_id` is the phone's own random key, one for a draft's whole life.

    Nothing here names the reporter: see Reporter.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    office: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="observations", on_delete=fields.RESTRICT
    )  # the reform office that reviews it and gives its number
    reporter_role = optional_code(Role, max_length=32)
    client_id = fields.UUIDField(unique=True)
    body_digest = fields.CharField(max_length=64)
    body: dict[str, Any] = fields.JSONField()  # as sent, so that a differing repeat can name the fields
    version = fields.IntField(default=1)
    receipt_number = fields.CharField(max_length=24, unique=True)
    receipt_hash = fields.CharField(max_length=64)
    state = fields.CharEnumField(ObservationState, max_length=16)

    kind = fields.CharEnumField(ObservationKind, max_length=16)
    category = fields.CharField(max_length=24, null=True)  # a code of the policy of categories
    text = fields.TextField()
    anonymity = fields.CharEnumField(Anonymity, max_length=8)
    task: fields.ForeignKeyNullableRelation[ReformTask] = fields.ForeignKeyField(
        "models.ReformTask", related_name="observations", null=True, on_delete=fields.RESTRICT
    )

    latitude = fields.FloatField(null=True)  # as sent, in `datum`
    longitude = fields.FloatField(null=True)
    datum = optional_code(Datum, max_length=8)
    accuracy_m = fields.FloatField(null=True)
    place_source = optional_code(PlaceSource, max_length=8)
    place_name = fields.CharField(max_length=120, default="")
    wgs_latitude = fields.FloatField(null=True)  # normalised, for comparison
    wgs_longitude = fields.FloatField(null=True)
    place_grade = fields.CharEnumField(PlaceGrade, max_length=1)

    written_at = fields.DatetimeField(null=True)  # by the phone's clock: a claim
    received_at = fields.DatetimeField()
    promised_on = fields.DateField()
    promise_words = fields.CharField(max_length=120)
    decided_at = fields.DatetimeField(null=True)
    reply = fields.TextField(default="")  # the office's words to the reporter
    ledger_item: fields.ForeignKeyNullableRelation[LedgerItem] = fields.ForeignKeyField(
        "models.LedgerItem", related_name="observations", null=True, on_delete=fields.RESTRICT
    )
    claimed_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="observations_claimed", null=True, on_delete=fields.RESTRICT
    )
    claimed_until = fields.DatetimeField(null=True)
    reporter_wrote_at = fields.DatetimeField(
        null=True
    )  # the reporter's last message that the office has not read or answered
    decline_asked_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="declines_asked", null=True, on_delete=fields.RESTRICT
    )  # the first of the two people who decline it (REV-04)

    office_id: UUID
    task_id: UUID | None
    ledger_item_id: UUID | None
    claimed_by_id: UUID | None
    decline_asked_by_id: UUID | None

    @property
    def reporter_words(self) -> str:
        """Return in words the role in which it was reported; for a sealed report not even that is known."""
        return self.reporter_role.label if self.reporter_role else "不知道是谁"

    class Meta:
        table = "observation"
        indexes = (
            ("state", "received_at"),
            ("received_at",),
            ("ledger_item_id",),
            ("reporter_wrote_at",),
        )


class Reporter(Model):
    """Who sent an observation, found through server.reporters alone: no column says it without a key.

    The database lets no mark stand twice. An observation without a row here has a reporter nobody can find.
    """

    observation_id = fields.UUIDField(primary_key=True)  # deleted with its observation
    mark = fields.BinaryField()  # found from the person's side
    box = fields.BinaryField()  # opened from the observation's side
    key_id = fields.CharField(max_length=16)  # of both, so that rotation finds old ones

    class Meta:
        table = "reporter"
        indexes = (("key_id",),)


class ObservationRevision(Model):
    """What an amended observation said before: nothing that was sent is lost."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    observation: fields.ForeignKeyRelation[Observation] = fields.ForeignKeyField(
        "models.Observation", related_name="revisions", on_delete=fields.CASCADE
    )
    version = fields.IntField()
    body: dict[str, Any] = fields.JSONField()
    received_at = fields.DatetimeField()

    class Meta:
        table = "observation_revision"
        unique_together = (("observation_id", "version"),)


class ThreadMessage(Model):
    """A line between reporter and office under one report (SUB-11); `by` is the office's own who wrote it."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    observation: fields.ForeignKeyRelation[Observation] = fields.ForeignKeyField(
        "models.Observation", related_name="thread", on_delete=fields.CASCADE
    )
    from_office = fields.BooleanField()
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="thread_messages", null=True, on_delete=fields.RESTRICT
    )
    text = fields.TextField()
    sent_at = fields.DatetimeField()

    observation_id: UUID
    by_id: UUID | None

    class Meta:
        table = "thread_message"
        indexes = (("observation_id", "sent_at"),)


class Reason(Model):
    """A reason of the catalogue, in the words the reporter reads, with what would make it acceptable."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    code = fields.CharField(max_length=40, unique=True)
    use = fields.CharEnumField(ReasonUse, max_length=12)
    label = fields.CharField(max_length=40)
    text = fields.CharField(max_length=300)
    is_active = fields.BooleanField(default=True)
    sort_order = fields.IntField(default=0)
    version = fields.IntField(db_default=1)

    class Meta:
        table = "reason"


class ReasonVersion(Model):
    """What a reason said at one time; rows are only added. `by` and `at` are unknown for what a pack brought."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    reason: fields.ForeignKeyRelation[Reason] = fields.ForeignKeyField(
        "models.Reason", related_name="versions", on_delete=fields.RESTRICT
    )
    version = fields.IntField()
    label = fields.CharField(max_length=40)
    text = fields.CharField(max_length=300)
    is_active = fields.BooleanField()
    at = fields.DatetimeField(null=True)
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="reason_versions", null=True, on_delete=fields.RESTRICT
    )

    reason_id: UUID
    by_id: UUID | None

    class Meta:
        table = "reason_version"
        unique_together = (("reason_id", "version"),)
