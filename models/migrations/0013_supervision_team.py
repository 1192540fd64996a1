from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.vocabulary import DeputyKind, MemberSource, MissionState, PlaceGrade, QuestionKind


class Migration(migrations.Migration):
    dependencies = [("models", "0012_exports_and_saved_views")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Mission",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "organisation",
                    fields.ForeignKeyField(
                        "models.Organisation",
                        source_field="organisation_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="missions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "partner",
                    fields.ForeignKeyField(
                        "models.Organisation",
                        source_field="partner_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="joint_missions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("title", fields.CharField(max_length=60)),
                ("brief", fields.TextField(default="", unique=False)),
                ("planned_on", fields.DateField()),
                (
                    "state",
                    fields.CharEnumField(
                        description="PLANNED: planned\nDISPATCHED: dispatched\nUNDER_WAY: under_way\nFINISHED: finished\nCANCELLED: cancelled",
                        enum_type=MissionState,
                        max_length=12,
                    ),
                ),
                (
                    "tasks",
                    fields.ManyToManyField(
                        "models.ReformTask",
                        unique=True,
                        db_constraint=True,
                        through="mission_task",
                        forward_key="reformtask_id",
                        backward_key="mission_id",
                        related_name="missions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "planned_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="planned_by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="missions_planned",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("planned_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("summary", fields.TextField(default="", unique=False)),
                ("finished_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("version", fields.IntField(default=1)),
            ],
            options={
                "table": "mission",
                "app": "models",
                "indexes": [
                    Index(fields=["planned_on", "id"]),
                    Index(fields=["organisation_id"]),
                    Index(fields=["partner_id"]),
                ],
                "pk_attr": "id",
                "table_description": "A day's supervision on site: who organises it, where it goes, and what is looked at.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MissionStop",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "mission",
                    fields.ForeignKeyField(
                        "models.Mission",
                        source_field="mission_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="stops",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("position", fields.IntField()),
                ("place_name", fields.CharField(max_length=120)),
                ("wgs_latitude", fields.FloatField(null=True)),
                ("wgs_longitude", fields.FloatField(null=True)),
                ("fence_m", fields.IntField(default=200)),
            ],
            options={
                "table": "mission_stop",
                "app": "models",
                "unique_together": (("mission_id", "position"),),
                "pk_attr": "id",
                "table_description": "A place on a mission's route.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ChecklistQuestion",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "stop",
                    fields.ForeignKeyField(
                        "models.MissionStop",
                        source_field="stop_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="questions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("position", fields.IntField()),
                ("text", fields.CharField(max_length=120)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="PASS_FAIL: pass_fail\nNUMBER: number\nTEXT: text",
                        enum_type=QuestionKind,
                        max_length=12,
                    ),
                ),
                ("needs_photo", fields.BooleanField(default=False)),
            ],
            options={
                "table": "checklist_question",
                "app": "models",
                "unique_together": (("stop_id", "position"),),
                "pk_attr": "id",
                "table_description": "What is looked at on a stop.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ChecklistAnswer",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "question",
                    fields.OneToOneField(
                        "models.ChecklistQuestion",
                        source_field="question_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="answer",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "mission",
                    fields.ForeignKeyField(
                        "models.Mission",
                        source_field="mission_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="answers",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="checklist_answers",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("passed", fields.BooleanField(null=True)),
                ("number", fields.FloatField(null=True)),
                ("text", fields.CharField(default="", max_length=200)),
                ("body_digest", fields.CharField(max_length=64)),
                (
                    "place_grade",
                    fields.CharEnumField(
                        description="A: A\nB: B\nC: C\nD: D", enum_type=PlaceGrade, max_length=1
                    ),
                ),
                ("distance_m", fields.IntField(null=True)),
                ("answered_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("dismissed_because", fields.CharField(default="", max_length=200)),
            ],
            options={
                "table": "checklist_answer",
                "app": "models",
                "indexes": [Index(fields=["mission_id"])],
                "pk_attr": "id",
                "table_description": "What a mission found. Of where it was answered only distance and grade are kept, no position (R3.1).",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="TeamMember",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "person",
                    fields.OneToOneField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="team_member",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "organisation",
                    fields.ForeignKeyField(
                        "models.Organisation",
                        source_field="organisation_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="team_members",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "source",
                    fields.CharEnumField(
                        description="DEPUTY: deputy\nCOMMISSIONER: commissioner\nMEDIA_WORKER: media_worker\nCITIZEN: citizen\nSUPERVISION_OFFICE: supervision_office",
                        enum_type=MemberSource,
                        max_length=20,
                    ),
                ),
                (
                    "deputy_kind",
                    fields.CharEnumField(
                        null=True,
                        description="PARTY_DELEGATE: party_delegate\nPEOPLES_CONGRESS_DEPUTY: peoples_congress_deputy\nCPPCC_MEMBER: cppcc_member",
                        enum_type=DeputyKind,
                        max_length=24,
                    ),
                ),
                ("joined_on", fields.DateField()),
                ("left_on", fields.DateField(null=True)),
            ],
            options={
                "table": "team_member",
                "app": "models",
                "indexes": [Index(fields=["organisation_id"])],
                "pk_attr": "id",
                "table_description": "A person whom an organisation has taken into the supervision team.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Certificate",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.TeamMember",
                        source_field="member_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="certificates",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("valid_from", fields.DateField()),
                ("valid_until", fields.DateField()),
                (
                    "issued_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="issued_by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="certificates_issued",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("revoked_on", fields.DateField(null=True)),
                ("revoked_because", fields.CharField(default="", max_length=200)),
            ],
            options={
                "table": "certificate",
                "app": "models",
                "indexes": [Index(fields=["member_id", "valid_until"])],
                "pk_attr": "id",
                "table_description": "That a trained member may be sent on missions, from a day to a day; both belong to it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MissionMember",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "mission",
                    fields.ForeignKeyField(
                        "models.Mission",
                        source_field="mission_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="members",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.TeamMember",
                        source_field="member_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="missions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("accepted_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "mission_member",
                "app": "models",
                "unique_together": (("mission_id", "member_id"),),
                "indexes": [Index(fields=["member_id"])],
                "pk_attr": "id",
                "table_description": "A member who was sent on a mission, and when he accepted.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="TrainingRecord",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "member",
                    fields.ForeignKeyField(
                        "models.TeamMember",
                        source_field="member_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="trainings",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("subject", fields.CharField(max_length=60)),
                ("held_on", fields.DateField()),
                ("hours", fields.IntField()),
                ("is_passed", fields.BooleanField()),
                (
                    "recorded_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="recorded_by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="trainings_recorded",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "training_record",
                "app": "models",
                "indexes": [Index(fields=["member_id"])],
                "pk_attr": "id",
                "table_description": "A training that a member took, and whether he passed.",
            },
            bases=["Model"],
        ),
    ]
