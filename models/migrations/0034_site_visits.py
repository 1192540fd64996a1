"""Adds site visits: stops, observers, check-ins, screens that show codes, and the board."""

import functools
from json import dumps, loads
from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.all_at_once import CreateModels, adding
from models.vocabulary import CheckInWay, PlaceGrade, Presence, VisitState

CHECKS = {
    "site_visit": {
        "site_visit_published_has_time": "state <> 'published' OR published_at IS NOT NULL",
        "site_visit_dwell": "least_dwell_min BETWEEN 0 AND 240",
    },
    "visit_stop": {
        "visit_stop_window": "closes_at > opens_at",
        "visit_stop_fence": "fence_m BETWEEN 20 AND 5000",
        "visit_stop_place_is_whole": "(wgs_latitude IS NULL) = (wgs_longitude IS NULL)",
    },
    "check_in": {
        "check_in_decision_is_whole": "(decided_by_id IS NULL) = (decided_at IS NULL)",
        "check_in_by_hand_has_reason": "way <> 'by_hand' OR (decided_by_id IS NOT NULL AND reason <> '')",
        "check_in_rejected_by_somebody": "presence <> 'rejected' OR (decided_by_id IS NOT NULL AND reason <> '')",
        "check_in_has_its_phones_name": "(client_id IS NULL) = (way = 'by_hand')",
    },
    "code_screen": {"code_screen_window": "shows_until > shows_from"},
}

# Check-ins are evidence: they can't be deleted or moved to another stop, and no code is used twice.
GRANTS = """
REVOKE DELETE ON site_visit, check_in, code_screen, visit_board FROM duchatong_app;
REVOKE UPDATE, DELETE ON used_code FROM duchatong_app;
REVOKE UPDATE ON check_in FROM duchatong_app;
GRANT UPDATE (client_id, way, presence, place_grade, evidence, device_mark, was_at, received_at, decided_by_id,
    decided_at, reason) ON check_in TO duchatong_app;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0033_names_of_the_field")]

    operations = [
        CreateModels(
            ops.CreateModel(
                name="SiteVisit",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "organisation",
                        fields.ForeignKeyField(
                            "models.Organisation",
                            source_field="organisation_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="site_visits",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("title", fields.CharField(max_length=80)),
                    ("held_on", fields.DateField()),
                    (
                        "state",
                        fields.CharEnumField(
                            description="DRAFT: draft\nPUBLISHED: published\nCANCELLED: cancelled",
                            enum_type=VisitState,
                            max_length=12,
                        ),
                    ),
                    (
                        "rules",
                        fields.JSONField(
                            encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                        ),
                    ),
                    ("needs_check_in", fields.BooleanField(default=True)),
                    ("least_dwell_min", fields.IntField(default=10)),
                    ("locks_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                    (
                        "copied_from",
                        fields.ForeignKeyField(
                            "models.SiteVisit",
                            source_field="copied_from_id",
                            null=True,
                            db_constraint=True,
                            to_field="id",
                            related_name="copies",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    (
                        "planned_by",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="planned_by_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="site_visits_planned",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("planned_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("published_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                    ("version", fields.IntField(default=1)),
                ],
                options={
                    "table": "site_visit",
                    "app": "models",
                    "indexes": [Index(fields=["organisation_id", "held_on"])],
                    "pk_attr": "id",
                    "table_description": "A day on which observers go from stop to stop and score; its scoring round has the same id.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="ObserverImport",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    ("token_hash", fields.CharField(unique=True, max_length=64)),
                    (
                        "visit",
                        fields.ForeignKeyField(
                            "models.SiteVisit",
                            source_field="visit_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="observer_imports",
                            on_delete=OnDelete.CASCADE,
                        ),
                    ),
                    (
                        "rows",
                        fields.JSONField(
                            encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                        ),
                    ),
                    (
                        "problems",
                        fields.JSONField(
                            encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                        ),
                    ),
                    (
                        "created_by",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="created_by_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="observer_imports",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("confirmed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "observer_import",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "A read sheet of observers waiting for confirmation.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="UsedCode",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    ("stop_id", fields.UUIDField()),
                    ("observer_id", fields.UUIDField()),
                    ("step", fields.BigIntField()),
                ],
                options={
                    "table": "used_code",
                    "app": "models",
                    "unique_together": (("stop_id", "observer_id", "step"),),
                    "pk_attr": "id",
                    "table_description": "That an observer used the code of one step of a stop's screen: nobody uses it twice.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="VisitBoard",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "visit",
                        fields.OneToOneField(
                            "models.SiteVisit",
                            source_field="visit_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="board",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("version", fields.BigIntField(default=0)),
                    ("submitted", fields.IntField(default=0)),
                    ("step", fields.IntField(default=0)),
                    ("link_hash", fields.CharField(null=True, unique=True, max_length=64)),
                ],
                options={
                    "table": "visit_board",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "The hall's board: its version, the step of the reveal, and the hash of its link.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="VisitObserver",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "visit",
                        fields.ForeignKeyField(
                            "models.SiteVisit",
                            source_field="visit_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="observers",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    (
                        "person",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="person_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="visits_observed",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("group", fields.CharField(source_field="group_id", max_length=16)),
                ],
                options={
                    "table": "visit_observer",
                    "app": "models",
                    "unique_together": (("visit_id", "person_id"),),
                    "pk_attr": "id",
                    "table_description": "That somebody is invited to observe a visit, in one of the groups of its rules.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="VisitStop",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "visit",
                        fields.ForeignKeyField(
                            "models.SiteVisit",
                            source_field="visit_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="stops",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("position", fields.IntField()),
                    ("name", fields.CharField(max_length=80)),
                    ("place_name", fields.CharField(default="", max_length=120)),
                    ("wgs_latitude", fields.FloatField(null=True)),
                    ("wgs_longitude", fields.FloatField(null=True)),
                    ("fence_m", fields.IntField(default=200)),
                    (
                        "unit",
                        fields.ForeignKeyField(
                            "models.Organisation",
                            source_field="unit_id",
                            null=True,
                            db_constraint=True,
                            to_field="id",
                            related_name="visit_stops",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    (
                        "task",
                        fields.ForeignKeyField(
                            "models.ReformTask",
                            source_field="task_id",
                            null=True,
                            db_constraint=True,
                            to_field="id",
                            related_name="visit_stops",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("is_mandatory", fields.BooleanField(default=True)),
                    ("opens_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("closes_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("scene", fields.CharField(unique=True, max_length=32)),
                    ("key_sealed", fields.TextField(unique=False)),
                ],
                options={
                    "table": "visit_stop",
                    "app": "models",
                    "unique_together": (("visit_id", "position"),),
                    "pk_attr": "id",
                    "table_description": "A place on a visit, with its window and fence; `scene` is the address in its printed code and proves nothing.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="CheckIn",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "stop",
                        fields.ForeignKeyField(
                            "models.VisitStop",
                            source_field="stop_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="check_ins",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    (
                        "observer",
                        fields.ForeignKeyField(
                            "models.VisitObserver",
                            source_field="observer_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="check_ins",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("client_id", fields.UUIDField(null=True)),
                    (
                        "way",
                        fields.CharEnumField(
                            description="CODE: code\nLATER: later\nPLACE: place\nBY_HAND: by_hand",
                            enum_type=CheckInWay,
                            max_length=10,
                        ),
                    ),
                    (
                        "presence",
                        fields.CharEnumField(
                            description="COUNTED: counted\nLOOK: look\nREJECTED: rejected",
                            enum_type=Presence,
                            max_length=10,
                        ),
                    ),
                    (
                        "place_grade",
                        fields.CharEnumField(
                            description="A: A\nB: B\nC: C\nD: D", enum_type=PlaceGrade, max_length=1
                        ),
                    ),
                    (
                        "evidence",
                        fields.JSONField(
                            encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                        ),
                    ),
                    ("device_mark", fields.CharField(max_length=64)),
                    ("was_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("received_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "decided_by",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="decided_by_id",
                            null=True,
                            db_constraint=True,
                            to_field="id",
                            related_name="check_ins_decided",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                    ("reason", fields.CharField(default="", max_length=200)),
                ],
                options={
                    "table": "check_in",
                    "app": "models",
                    "unique_together": (("stop_id", "observer_id"),),
                    "indexes": [Index(fields=["observer_id", "client_id"])],
                    "pk_attr": "id",
                    "table_description": "That an observer was at a stop, and what speaks for and against it; shown to the office only.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="CodeScreen",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "stop",
                        fields.ForeignKeyField(
                            "models.VisitStop",
                            source_field="stop_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="screens",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    (
                        "opened_by",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="opened_by_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="code_screens",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("shows_from", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("shows_until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("revoked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "code_screen",
                    "app": "models",
                    "indexes": [Index(fields=["stop_id"])],
                    "pk_attr": "id",
                    "table_description": "A browser of the organiser that shows a stop's codes from a time to a time, until it is revoked.",
                },
                bases=["Model"],
            ),
        ),
        ops.RunSQL([*adding(CHECKS), GRANTS], reverse_sql=""),
    ]
