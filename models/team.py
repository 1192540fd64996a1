"""The supervision team: its members, their trainings, and the missions they go on (M10)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from models.columns import optional_code
from models.vocabulary import DeputyKind, MemberSource, MissionState, PlaceGrade, QuestionKind

if TYPE_CHECKING:
    from models.organisation import Organisation
    from models.person import Person
    from models.task import ReformTask


class TeamMember(Model):
    """A person whom an organisation has taken into the supervision team."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    person: fields.OneToOneRelation[Person] = fields.OneToOneField(
        "models.Person", related_name="team_member", on_delete=fields.RESTRICT
    )
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="team_members", on_delete=fields.RESTRICT
    )
    source = fields.CharEnumField(MemberSource, max_length=20)
    deputy_kind = optional_code(DeputyKind, max_length=24)
    joined_on = fields.DateField()
    left_on = fields.DateField(null=True)
    trainings: fields.ReverseRelation[TrainingRecord]
    certificates: fields.ReverseRelation[Certificate]

    person_id: UUID
    organisation_id: UUID

    class Meta:
        table = "team_member"
        indexes = (("organisation_id",),)


class TrainingRecord(Model):
    """A training that a member took, and whether they passed."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    member: fields.ForeignKeyRelation[TeamMember] = fields.ForeignKeyField(
        "models.TeamMember", related_name="trainings", on_delete=fields.RESTRICT
    )
    subject = fields.CharField(max_length=60)
    held_on = fields.DateField()
    hours = fields.IntField()
    is_passed = fields.BooleanField()
    recorded_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="trainings_recorded", on_delete=fields.RESTRICT
    )

    member_id: UUID

    class Meta:
        table = "training_record"
        indexes = (("member_id",),)


class Certificate(Model):
    """That a trained member may be sent on missions, from a day to a day; both belong to it."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    member: fields.ForeignKeyRelation[TeamMember] = fields.ForeignKeyField(
        "models.TeamMember", related_name="certificates", on_delete=fields.RESTRICT
    )
    valid_from = fields.DateField()
    valid_until = fields.DateField()
    issued_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="certificates_issued", on_delete=fields.RESTRICT
    )
    revoked_on = fields.DateField(null=True)
    revoked_because = fields.CharField(max_length=200, default="")

    member_id: UUID

    class Meta:
        table = "certificate"
        indexes = (("member_id", "valid_until"),)


class Mission(Model):
    """A day's supervision on site: who organises it, where it goes, and what is looked at."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="missions", on_delete=fields.RESTRICT
    )
    partner: fields.ForeignKeyNullableRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="joint_missions", null=True, on_delete=fields.RESTRICT
    )  # of a joint mission; has the same rights as the organiser
    title = fields.CharField(max_length=60)
    brief = fields.TextField(default="")
    planned_on = fields.DateField()
    state = fields.CharEnumField(MissionState, max_length=12)
    tasks: fields.ManyToManyRelation[ReformTask] = fields.ManyToManyField(
        "models.ReformTask", related_name="missions", through="mission_task"
    )
    planned_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="missions_planned", on_delete=fields.RESTRICT
    )
    planned_at = fields.DatetimeField()
    summary = fields.TextField(default="")
    finished_at = fields.DatetimeField(null=True)
    version = fields.IntField(default=1)
    stops: fields.ReverseRelation[MissionStop]
    members: fields.ReverseRelation[MissionMember]

    organisation_id: UUID
    partner_id: UUID | None
    planned_by_id: UUID

    class Meta:
        table = "mission"
        indexes = (("planned_on", "id"), ("organisation_id",), ("partner_id",))


class MissionStop(Model):
    """A place on a mission's route."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    mission: fields.ForeignKeyRelation[Mission] = fields.ForeignKeyField(
        "models.Mission", related_name="stops", on_delete=fields.CASCADE
    )
    position = fields.IntField()
    place_name = fields.CharField(max_length=120)
    wgs_latitude = fields.FloatField(null=True)
    wgs_longitude = fields.FloatField(null=True)
    fence_m = fields.IntField(default=200)
    questions: fields.ReverseRelation[ChecklistQuestion]

    mission_id: UUID

    class Meta:
        table = "mission_stop"
        unique_together = (("mission_id", "position"),)


class ChecklistQuestion(Model):
    """What is looked at on a stop."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    stop: fields.ForeignKeyRelation[MissionStop] = fields.ForeignKeyField(
        "models.MissionStop", related_name="questions", on_delete=fields.CASCADE
    )
    position = fields.IntField()
    text = fields.CharField(max_length=120)
    kind = fields.CharEnumField(QuestionKind, max_length=12)
    needs_photo = fields.BooleanField(default=False)

    stop_id: UUID

    class Meta:
        table = "checklist_question"
        unique_together = (("stop_id", "position"),)


class MissionMember(Model):
    """A member who was sent on a mission, and when they accepted."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    mission: fields.ForeignKeyRelation[Mission] = fields.ForeignKeyField(
        "models.Mission", related_name="members", on_delete=fields.RESTRICT
    )
    member: fields.ForeignKeyRelation[TeamMember] = fields.ForeignKeyField(
        "models.TeamMember", related_name="missions", on_delete=fields.RESTRICT
    )
    accepted_at = fields.DatetimeField(null=True)

    mission_id: UUID
    member_id: UUID

    class Meta:
        table = "mission_member"
        unique_together = (("mission_id", "member_id"),)
        indexes = (("member_id",),)


class ChecklistAnswer(Model):
    """What a mission found. Of where it was answered only distance and grade are kept, no position (R3.1)."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    question: fields.OneToOneRelation[ChecklistQuestion] = fields.OneToOneField(
        "models.ChecklistQuestion", related_name="answer", on_delete=fields.RESTRICT
    )
    mission: fields.ForeignKeyRelation[Mission] = fields.ForeignKeyField(
        "models.Mission", related_name="answers", on_delete=fields.RESTRICT
    )
    by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="checklist_answers", on_delete=fields.RESTRICT
    )
    passed = fields.BooleanField(null=True)
    number = fields.FloatField(null=True)
    text = fields.CharField(max_length=200, default="")
    body_digest = fields.CharField(max_length=64)  # so that the same answer again changes nothing
    place_grade = fields.CharEnumField(PlaceGrade, max_length=1)
    distance_m: int | None = fields.IntField(null=True)
    answered_at = fields.DatetimeField()
    dismissed_because = fields.CharField(max_length=200, default="")  # why a failed answer became no problem

    question_id: UUID
    mission_id: UUID
    by_id: UUID

    class Meta:
        table = "checklist_answer"
        indexes = (("mission_id",),)
