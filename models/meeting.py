"""Meetings with their decisions, month reports, and what needs the city to coordinate (M01, M02)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from models.vocabulary import ProofKind, RequestToCity

if TYPE_CHECKING:
    from models.ledger import LedgerItem
    from models.organisation import Organisation
    from models.person import Person


class Meeting(Model):
    """A meeting that was held: when, where, under whom, who came, what was on the agenda."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="meetings", on_delete=fields.RESTRICT
    )
    kind = fields.CharEnumField(ProofKind, max_length=30)
    title = fields.CharField(max_length=120)
    held_on = fields.DateField()
    place = fields.CharField(max_length=120, db_default="")
    chair: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="meetings_chaired", null=True, on_delete=fields.RESTRICT
    )
    attendees = fields.TextField(db_default="")
    agenda = fields.TextField(db_default="")
    recorded_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="meetings_recorded", on_delete=fields.RESTRICT
    )
    recorded_at = fields.DatetimeField()
    voided_at = fields.DatetimeField(null=True)
    void_reason = fields.CharField(max_length=200, db_default="")
    version = fields.IntField(default=1)

    organisation_id: UUID
    chair_id: UUID | None
    recorded_by_id: UUID

    class Meta:
        table = "meeting"
        indexes = (("held_on", "id"), ("organisation_id", "held_on"), ("chair_id", "held_on"))


class MeetingDecision(Model):
    """One decision of a meeting, and the ledger item that it opened, if any."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    meeting: fields.ForeignKeyRelation[Meeting] = fields.ForeignKeyField(
        "models.Meeting", related_name="decisions", on_delete=fields.RESTRICT
    )
    position = fields.IntField()
    text = fields.CharField(max_length=200)
    item: fields.OneToOneNullableRelation[LedgerItem] = fields.OneToOneField(
        "models.LedgerItem", related_name="decision", null=True, on_delete=fields.RESTRICT
    )
    recorded_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="decisions_recorded", on_delete=fields.RESTRICT
    )
    recorded_at = fields.DatetimeField()

    meeting_id: UUID
    item_id: UUID | None
    recorded_by_id: UUID

    class Meta:
        table = "meeting_decision"
        unique_together = (("meeting_id", "position"),)


class MonthReport(Model):
    """What an organisation reports about one month, and when it went to the region's counterpart."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="month_reports", on_delete=fields.RESTRICT
    )
    month_on = fields.DateField()  # the first day of the month
    title = fields.CharField(max_length=120)
    handed_in_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="month_reports", on_delete=fields.RESTRICT
    )
    handed_in_at = fields.DatetimeField()
    sent_to = fields.CharField(max_length=60, db_default="")  # the region's counterpart department
    sent_on = fields.DateField(null=True)
    sent_number = fields.CharField(max_length=40, db_default="")
    version = fields.IntField(default=1)

    organisation_id: UUID
    handed_in_by_id: UUID

    class Meta:
        table = "month_report"
        indexes = (("month_on", "id"), ("organisation_id", "month_on"))


class CoordinationRequest(Model):
    """A matter of a month report that the city must coordinate, and what became of it."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    report: fields.ForeignKeyRelation[MonthReport] = fields.ForeignKeyField(
        "models.MonthReport", related_name="requests", on_delete=fields.RESTRICT
    )
    text = fields.CharField(max_length=200)
    state = fields.CharEnumField(RequestToCity, max_length=12, default=RequestToCity.WAITING)
    item: fields.OneToOneNullableRelation[LedgerItem] = fields.OneToOneField(
        "models.LedgerItem", related_name="coordination_request", null=True, on_delete=fields.RESTRICT
    )
    answer = fields.CharField(max_length=500, db_default="")
    answered_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="coordination_answers", null=True, on_delete=fields.RESTRICT
    )
    answered_at = fields.DatetimeField(null=True)
    version = fields.IntField(default=1)

    report_id: UUID
    item_id: UUID | None
    answered_by_id: UUID | None

    class Meta:
        table = "coordination_request"
        indexes = (("state", "id"),)
