"""The ledger: the numbered items that all supervision work refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from models.columns import optional_code
from models.vocabulary import LedgerState, ObservationKind, ReasonUse, RecheckAnswer, RequestState

if TYPE_CHECKING:
    from models.observation import Reason
    from models.organisation import Organisation
    from models.person import Person
    from models.task import ReformTask


class NumberSeries(Model):
    """The last number given by an organisation in a series and year; its row lock makes numbers gapless."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="number_series", on_delete=fields.RESTRICT
    )
    series = fields.CharField(max_length=12)
    year = fields.IntField()
    last_number = fields.IntField(default=0)

    class Meta:
        table = "number_series"
        unique_together = (("organisation_id", "series", "year"),)


class LedgerItem(Model):
    """A matter under a number, from 挂号 to 销号; the number is never reused (M09)."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="ledger_items", on_delete=fields.RESTRICT
    )
    series = fields.CharField(max_length=12)
    year = fields.IntField()
    number = fields.IntField()
    number_text = fields.CharField(max_length=32, unique=True)
    round = fields.IntField(default=1)
    state = fields.CharEnumField(LedgerState, max_length=12, default=LedgerState.REGISTERED)
    kind = fields.CharEnumField(ObservationKind, max_length=16)
    category = fields.CharField(max_length=24, null=True)  # a code of the policy of categories
    title = fields.CharField(max_length=60)
    summary = fields.TextField(default="")  # the office's own words, never the reporter's
    place_name = fields.CharField(max_length=120, default="")
    search_text = fields.TextField(
        db_default=""
    )  # set by the database: title, number and place in their search form
    wgs_latitude = fields.FloatField(null=True)
    wgs_longitude = fields.FloatField(null=True)
    task: fields.ForeignKeyNullableRelation[ReformTask] = fields.ForeignKeyField(
        "models.ReformTask", related_name="ledger_items", null=True, on_delete=fields.RESTRICT
    )
    lead_unit: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="items_led", null=True, on_delete=fields.RESTRICT
    )
    due_from_on = fields.DateField(null=True)  # day zero of the deadline; null where a date was given
    due_days: int | None = fields.IntField(null=True)  # working days, so that a new notice can recompute it
    due_on = fields.DateField(null=True)
    due_words = fields.CharField(max_length=120, db_default="")
    due_is_provisional = fields.BooleanField(db_default=False)
    percent = fields.IntField(db_default=0)
    state_before = optional_code(LedgerState, max_length=12)
    retention_note = fields.TextField(db_default="")
    next_review_on = fields.DateField(null=True)
    dispatched_at = fields.DatetimeField(null=True)
    acknowledged_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    needs_review_since = fields.DatetimeField(
        null=True
    )  # the reporter says that a closed matter is not solved
    commissioner: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="items_answered_for", null=True, on_delete=fields.RESTRICT
    )
    asked_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="items_asked_to_close", null=True, on_delete=fields.RESTRICT
    )
    void_asked_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="voidings_asked", null=True, on_delete=fields.RESTRICT
    )  # the first of the two people who void it (REV-04)
    parent: fields.ForeignKeyNullableRelation[LedgerItem] = fields.ForeignKeyField(
        "models.LedgerItem", related_name="children", null=True, on_delete=fields.RESTRICT
    )
    merged_into: fields.ForeignKeyNullableRelation[LedgerItem] = fields.ForeignKeyField(
        "models.LedgerItem", related_name="merged", null=True, on_delete=fields.RESTRICT
    )
    origin_kind = fields.CharField(
        max_length=30, db_default=""
    )  # the record outside the ledger that opened it
    origin_id: UUID | None = fields.UUIDField(null=True)
    registered_at = fields.DatetimeField()
    registered_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="items_registered", on_delete=fields.RESTRICT
    )
    version = fields.IntField(default=1)

    organisation_id: UUID
    task_id: UUID | None
    lead_unit_id: UUID | None
    registered_by_id: UUID
    commissioner_id: UUID | None
    asked_by_id: UUID | None
    void_asked_by_id: UUID | None
    parent_id: UUID | None
    merged_into_id: UUID | None

    class Meta:
        table = "ledger_item"
        unique_together = (("organisation_id", "series", "year", "number"),)
        indexes = (
            ("registered_at", "id"),
            ("state", "registered_at"),
            ("lead_unit_id",),
            ("task_id",),
            ("due_on",),
        )


class ItemLink(Model):
    """That two items belong together and stay two; the smaller id comes first, so that a pair stands once."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    one: fields.ForeignKeyRelation[LedgerItem] = fields.ForeignKeyField(
        "models.LedgerItem", related_name="links_from", on_delete=fields.RESTRICT
    )
    other: fields.ForeignKeyRelation[LedgerItem] = fields.ForeignKeyField(
        "models.LedgerItem", related_name="links_to", on_delete=fields.RESTRICT
    )
    reason = fields.CharField(max_length=1000)
    linked_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="links_made", on_delete=fields.RESTRICT
    )
    linked_at = fields.DatetimeField()

    one_id: UUID
    other_id: UUID

    class Meta:
        table = "item_link"
        unique_together = (("one_id", "other_id"),)
        indexes = (("other_id",),)


class ProgressReport(Model):
    """What the unit says of its work on an item: percent, words, evidence (LED-06)."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    item: fields.ForeignKeyRelation[LedgerItem] = fields.ForeignKeyField(
        "models.LedgerItem", related_name="progress_reports", on_delete=fields.RESTRICT
    )
    by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="progress_reports", on_delete=fields.RESTRICT
    )
    percent = fields.IntField()
    text = fields.TextField()
    next_step = fields.TextField(default="")
    is_alike = fields.BooleanField(default=False)  # the third in a row with the same words
    reported_at = fields.DatetimeField()

    item_id: UUID
    by_id: UUID

    class Meta:
        table = "progress_report"
        indexes = (("item_id", "reported_at"),)


class Extension(Model):
    """A request for a later deadline; every one that was granted is counted for ever (LED-07)."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    item: fields.ForeignKeyRelation[LedgerItem] = fields.ForeignKeyField(
        "models.LedgerItem", related_name="extensions", on_delete=fields.RESTRICT
    )
    asked_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="extensions_asked", on_delete=fields.RESTRICT
    )
    reason = fields.TextField()
    until_on = fields.DateField()
    state = fields.CharEnumField(RequestState, max_length=8)
    asked_at = fields.DatetimeField()
    decided_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="extensions_decided", null=True, on_delete=fields.RESTRICT
    )
    decided_at = fields.DatetimeField(null=True)
    reply = fields.TextField(default="")

    item_id: UUID
    asked_by_id: UUID

    class Meta:
        table = "extension"
        indexes = (("item_id",),)


class RetentionRequest(Model):
    """A unit's wish that long-term work keeps its number; the office decides (LED-12)."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    item: fields.ForeignKeyRelation[LedgerItem] = fields.ForeignKeyField(
        "models.LedgerItem", related_name="retentions_asked", on_delete=fields.RESTRICT
    )
    asked_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="retentions_asked", on_delete=fields.RESTRICT
    )
    reason = fields.TextField()
    review_on = fields.DateField()
    state = fields.CharEnumField(RequestState, max_length=8)
    asked_at = fields.DatetimeField()
    decided_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="retentions_decided", null=True, on_delete=fields.RESTRICT
    )
    decided_at = fields.DatetimeField(null=True)
    reply = fields.TextField(default="")

    item_id: UUID
    asked_by_id: UUID

    class Meta:
        table = "retention_request"
        indexes = (("item_id",),)


class CloseOutRequest(Model):
    """The unit says that a matter is done and hands in its evidence; somebody else decides (LED-08)."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    item: fields.ForeignKeyRelation[LedgerItem] = fields.ForeignKeyField(
        "models.LedgerItem", related_name="close_out_requests", on_delete=fields.RESTRICT
    )
    round = fields.IntField()
    asked_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="close_outs_asked", on_delete=fields.RESTRICT
    )
    text = fields.TextField()
    state = fields.CharEnumField(RequestState, max_length=8)
    asked_at = fields.DatetimeField()
    decided_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="close_outs_decided", null=True, on_delete=fields.RESTRICT
    )
    decided_at = fields.DatetimeField(null=True)
    reply = fields.TextField(default="")

    item_id: UUID
    asked_by_id: UUID

    class Meta:
        table = "close_out_request"
        indexes = (("item_id",),)


class GiveBack(Model):
    """An item that its unit gave back, or a close-out that the office sent back; `label` as the catalogue then said."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    item: fields.ForeignKeyRelation[LedgerItem] = fields.ForeignKeyField(
        "models.LedgerItem", related_name="givings_back", on_delete=fields.RESTRICT
    )
    use = fields.CharEnumField(ReasonUse, max_length=12)
    reason: fields.ForeignKeyNullableRelation[Reason] = fields.ForeignKeyField(
        "models.Reason", related_name="givings_back", null=True, on_delete=fields.RESTRICT
    )
    label = fields.CharField(max_length=40, default="")
    words = fields.TextField(default="")
    unit: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="givings_back", null=True, on_delete=fields.RESTRICT
    )
    by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="givings_back", on_delete=fields.RESTRICT
    )
    at = fields.DatetimeField()

    item_id: UUID
    unit_id: UUID | None

    class Meta:
        table = "giving_back"
        indexes = (("item_id",),)


class Recheck(Model):
    """The question to a reporter after close-out: did you see it solved? One tap, ten working days (LED-08)."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    item: fields.ForeignKeyRelation[LedgerItem] = fields.ForeignKeyField(
        "models.LedgerItem", related_name="rechecks", on_delete=fields.RESTRICT
    )
    observation_id = fields.UUIDField()
    round = fields.IntField()
    until_on = fields.DateField()
    asked_at = fields.DatetimeField()
    answer = optional_code(RecheckAnswer, max_length=8)
    text = fields.TextField(default="")
    answered_at = fields.DatetimeField(null=True)

    item_id: UUID

    class Meta:
        table = "recheck"
        unique_together = (("observation_id", "item_id", "round"),)
        indexes = (("item_id",),)
