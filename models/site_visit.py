"""Site visits: stops, observers, check-ins and the hall's board. Scores are in the round with the same id."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from models.vocabulary import CheckInWay, PlaceGrade, Presence, VisitState

if TYPE_CHECKING:
    from models.organisation import Organisation
    from models.person import Person
    from models.task import ReformTask


class SiteVisit(Model):
    """A day on which observers go from stop to stop and score; its scoring round has the same id."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="site_visits", on_delete=fields.RESTRICT
    )
    title = fields.CharField(max_length=80)
    held_on = fields.DateField()
    state = fields.CharEnumField(VisitState, max_length=12)
    rules: dict[str, Any] = fields.JSONField()  # as planned; the published rules are in the round
    needs_check_in = fields.BooleanField(default=True)  # whether scoring a stop requires a check-in
    least_dwell_min = fields.IntField(default=10)
    locks_at: datetime | None = fields.DatetimeField(null=True)
    copied_from: fields.ForeignKeyNullableRelation[SiteVisit] = fields.ForeignKeyField(
        "models.SiteVisit", related_name="copies", null=True, on_delete=fields.RESTRICT
    )
    planned_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="site_visits_planned", on_delete=fields.RESTRICT
    )
    planned_at = fields.DatetimeField()
    published_at: datetime | None = fields.DatetimeField(null=True)
    version = fields.IntField(default=1)
    stops: fields.ReverseRelation[VisitStop]
    observers: fields.ReverseRelation[VisitObserver]

    organisation_id: UUID
    planned_by_id: UUID
    copied_from_id: UUID | None

    class Meta:
        table = "site_visit"
        indexes = (("organisation_id", "held_on"),)


class VisitStop(Model):
    """A place on a visit, with its window and fence; `scene` is the address in its printed code and proves nothing."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    visit: fields.ForeignKeyRelation[SiteVisit] = fields.ForeignKeyField(
        "models.SiteVisit", related_name="stops", on_delete=fields.RESTRICT
    )
    position = fields.IntField()
    name = fields.CharField(max_length=80)
    place_name = fields.CharField(max_length=120, default="")
    wgs_latitude: float | None = fields.FloatField(null=True)
    wgs_longitude: float | None = fields.FloatField(null=True)
    fence_m = fields.IntField(default=200)
    unit: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="visit_stops", null=True, on_delete=fields.RESTRICT
    )
    task: fields.ForeignKeyNullableRelation[ReformTask] = fields.ForeignKeyField(
        "models.ReformTask", related_name="visit_stops", null=True, on_delete=fields.RESTRICT
    )
    is_mandatory = fields.BooleanField(default=True)
    opens_at = fields.DatetimeField()
    closes_at = fields.DatetimeField()
    scene = fields.CharField(max_length=32, unique=True)
    key_sealed = fields.TextField()  # for the codes on its screens

    visit_id: UUID
    unit_id: UUID | None
    task_id: UUID | None

    class Meta:
        table = "visit_stop"
        unique_together = (("visit_id", "position"),)


class VisitObserver(Model):
    """That somebody is invited to observe a visit, in one of the groups of its rules."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    visit: fields.ForeignKeyRelation[SiteVisit] = fields.ForeignKeyField(
        "models.SiteVisit", related_name="observers", on_delete=fields.RESTRICT
    )
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="visits_observed", on_delete=fields.RESTRICT
    )
    group = fields.CharField(max_length=16, source_field="group_id")  # a group id from the rules

    visit_id: UUID
    person_id: UUID

    class Meta:
        table = "visit_observer"
        unique_together = (("visit_id", "person_id"),)


class CheckIn(Model):
    """That an observer was at a stop, and what speaks for and against it; shown to the office only."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    stop: fields.ForeignKeyRelation[VisitStop] = fields.ForeignKeyField(
        "models.VisitStop", related_name="check_ins", on_delete=fields.RESTRICT
    )
    observer: fields.ForeignKeyRelation[VisitObserver] = fields.ForeignKeyField(
        "models.VisitObserver", related_name="check_ins", on_delete=fields.RESTRICT
    )
    client_id: UUID | None = fields.UUIDField(null=True)  # the phone's id for it; None if entered by hand
    way = fields.CharEnumField(CheckInWay, max_length=10)
    presence = fields.CharEnumField(Presence, max_length=10)
    place_grade = fields.CharEnumField(PlaceGrade, max_length=1)
    evidence: dict[str, Any] = fields.JSONField()  # doubts, metres and accuracy; never a code or a position
    device_mark = fields.CharField(max_length=64)
    was_at = fields.DatetimeField()  # the server's time, or the phone's if it was offline
    received_at = fields.DatetimeField()
    decided_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="check_ins_decided", null=True, on_delete=fields.RESTRICT
    )
    decided_at: datetime | None = fields.DatetimeField(null=True)
    reason = fields.CharField(max_length=200, default="")

    stop_id: UUID
    observer_id: UUID
    decided_by_id: UUID | None

    class Meta:
        table = "check_in"
        unique_together = (("stop_id", "observer_id"),)
        indexes = (("observer_id", "client_id"),)


class UsedCode(Model):
    """That an observer used the code of one step of a stop's screen: nobody uses it twice."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    stop_id = fields.UUIDField()
    observer_id = fields.UUIDField()
    step = fields.BigIntField()  # number of 30-second steps since 1970

    class Meta:
        table = "used_code"
        unique_together = (("stop_id", "observer_id", "step"),)


class CodeScreen(Model):
    """A browser of the organiser that shows a stop's codes from a time to a time, until it is revoked."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    stop: fields.ForeignKeyRelation[VisitStop] = fields.ForeignKeyField(
        "models.VisitStop", related_name="screens", on_delete=fields.RESTRICT
    )
    opened_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="code_screens", on_delete=fields.RESTRICT
    )
    shows_from = fields.DatetimeField()
    shows_until = fields.DatetimeField()
    revoked_at: datetime | None = fields.DatetimeField(null=True)

    stop_id: UUID

    class Meta:
        table = "code_screen"
        indexes = (("stop_id",),)


class VisitBoard(Model):
    """The hall's board: its version, the step of the reveal, and the hash of its link."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    visit: fields.OneToOneRelation[SiteVisit] = fields.OneToOneField(
        "models.SiteVisit", related_name="board", on_delete=fields.RESTRICT
    )
    version = fields.BigIntField(default=0)
    submitted = fields.IntField(
        default=0
    )  # ballots at the last bump; a count shows whether there is a new one
    step = fields.IntField(default=0)  # how many steps of the reveal, or of its rehearsal, are shown
    is_rehearsal = fields.BooleanField(db_default=False)  # with invented names and scores
    is_black = fields.BooleanField(db_default=False)
    link_hash = fields.CharField(max_length=64, null=True, unique=True)

    visit_id: UUID

    class Meta:
        table = "visit_board"


class ObserverImport(Model):
    """A read sheet of observers waiting for confirmation."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    token_hash = fields.CharField(max_length=64, unique=True)
    visit: fields.ForeignKeyRelation[SiteVisit] = fields.ForeignKeyField(
        "models.SiteVisit", related_name="observer_imports", on_delete=fields.CASCADE
    )
    rows: list[dict[str, Any]] = fields.JSONField()
    problems: list[dict[str, Any]] = fields.JSONField()
    created_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="observer_imports", on_delete=fields.RESTRICT
    )
    expires_at = fields.DatetimeField()
    confirmed_at: datetime | None = fields.DatetimeField(null=True)

    visit_id: UUID
    created_by_id: UUID

    class Meta:
        table = "observer_import"
