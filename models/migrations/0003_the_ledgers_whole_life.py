from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.vocabulary import EvidenceKind, LedgerState, RecheckAnswer, RequestState


class Migration(migrations.Migration):
    dependencies = [("models", "0002_what_the_database_guards")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CloseOutRequest",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "item",
                    fields.ForeignKeyField(
                        "models.LedgerItem",
                        source_field="item_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="close_out_requests",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("round", fields.IntField()),
                (
                    "asked_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="asked_by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="close_outs_asked",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("text", fields.TextField(unique=False)),
                (
                    "state",
                    fields.CharEnumField(
                        description="ASKED: asked\nGRANTED: granted\nREFUSED: refused",
                        enum_type=RequestState,
                        max_length=8,
                    ),
                ),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "decided_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="decided_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="close_outs_decided",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("reply", fields.TextField(default="", unique=False)),
            ],
            options={
                "table": "close_out_request",
                "app": "models",
                "indexes": [Index(fields=["item_id"])],
                "pk_attr": "id",
                "table_description": "The unit says that a matter is done and hands in its evidence; somebody else decides (LED-08).",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Extension",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "item",
                    fields.ForeignKeyField(
                        "models.LedgerItem",
                        source_field="item_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="extensions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "asked_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="asked_by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="extensions_asked",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reason", fields.TextField(unique=False)),
                ("until_on", fields.DateField()),
                (
                    "state",
                    fields.CharEnumField(
                        description="ASKED: asked\nGRANTED: granted\nREFUSED: refused",
                        enum_type=RequestState,
                        max_length=8,
                    ),
                ),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "decided_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="decided_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="extensions_decided",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("reply", fields.TextField(default="", unique=False)),
            ],
            options={
                "table": "extension",
                "app": "models",
                "indexes": [Index(fields=["item_id"])],
                "pk_attr": "id",
                "table_description": "A request for a later deadline; every one that was granted is counted for ever (LED-07).",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="idempotency_keys",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("route", fields.CharField(max_length=120)),
                ("key", fields.CharField(max_length=80)),
                ("fingerprint", fields.CharField(max_length=64)),
                ("answer", fields.TextField(default="", unique=False)),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "idempotency_key",
                "app": "models",
                "unique_together": (("person_id", "route", "key"),),
                "indexes": [Index(fields=["made_at"])],
                "pk_attr": "id",
                "table_description": "One deed under a key of the phone's own: person, route and key are unique; kept for 90 days.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ProgressReport",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "item",
                    fields.ForeignKeyField(
                        "models.LedgerItem",
                        source_field="item_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="progress_reports",
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
                        related_name="progress_reports",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("percent", fields.IntField()),
                ("text", fields.TextField(unique=False)),
                ("next_step", fields.TextField(default="", unique=False)),
                ("is_alike", fields.BooleanField(default=False)),
                ("reported_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "progress_report",
                "app": "models",
                "indexes": [Index(fields=["item_id", "reported_at"])],
                "pk_attr": "id",
                "table_description": "What the unit says of its work on an item: percent, words, evidence (LED-06).",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Recheck",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "item",
                    fields.ForeignKeyField(
                        "models.LedgerItem",
                        source_field="item_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="rechecks",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("observation_id", fields.UUIDField()),
                ("round", fields.IntField()),
                ("until_on", fields.DateField()),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "answer",
                    fields.CharEnumField(
                        null=True,
                        description="SOLVED: solved\nUNSOLVED: unsolved",
                        enum_type=RecheckAnswer,
                        max_length=8,
                    ),
                ),
                ("text", fields.TextField(default="", unique=False)),
                ("answered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "recheck",
                "app": "models",
                "unique_together": (("observation_id", "item_id", "round"),),
                "indexes": [Index(fields=["item_id"])],
                "pk_attr": "id",
                "table_description": "The question to a reporter after close-out: did you see it solved? One tap, ten working days (LED-08).",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="LedgerItem",
            name="acknowledged_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="LedgerItem",
            name="asked_by",
            field=fields.ForeignKeyField(
                "models.Person",
                source_field="asked_by_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="items_asked_to_close",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="LedgerItem",
            name="closed_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="LedgerItem",
            name="commissioner",
            field=fields.ForeignKeyField(
                "models.Person",
                source_field="commissioner_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="items_answered_for",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="LedgerItem",
            name="dispatched_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="LedgerItem",
            name="due_days",
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name="LedgerItem",
            name="due_from_on",
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name="LedgerItem",
            name="due_is_provisional",
            field=fields.BooleanField(db_default=False),
        ),
        ops.AddField(
            model_name="LedgerItem",
            name="due_words",
            field=fields.CharField(db_default="", max_length=120),
        ),
        ops.AddField(
            model_name="LedgerItem",
            name="merged_into",
            field=fields.ForeignKeyField(
                "models.LedgerItem",
                source_field="merged_into_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="merged",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="LedgerItem",
            name="needs_review_since",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="LedgerItem",
            name="next_review_on",
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name="LedgerItem",
            name="parent",
            field=fields.ForeignKeyField(
                "models.LedgerItem",
                source_field="parent_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="children",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="LedgerItem",
            name="percent",
            field=fields.IntField(db_default=0),
        ),
        ops.AddField(
            model_name="LedgerItem",
            name="retention_note",
            field=fields.TextField(db_default="", unique=False),
        ),
        ops.AddField(
            model_name="LedgerItem",
            name="state_before",
            field=fields.CharEnumField(
                null=True,
                description="REGISTERED: registered\nDISPATCHED: dispatched\nIN_PROGRESS: in_progress\nCLOSING: closing\nRETAINED: retained\nCLOSED: closed\nMERGED: merged\nVOIDED: voided",
                enum_type=LedgerState,
                max_length=12,
            ),
        ),
        ops.AddIndex(
            model_name="LedgerItem",
            index=Index(fields=["due_on"]),
        ),
        ops.AddField(
            model_name="ManifestLine",
            name="evidence",
            field=fields.CharEnumField(
                null=True,
                description="BEFORE: before\nAFTER: after\nDOCUMENT: document",
                enum_type=EvidenceKind,
                max_length=12,
            ),
        ),
    ]
