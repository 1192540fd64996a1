from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.vocabulary import ContentDecision, ContentKind, ContentState, Unjudged


class Migration(migrations.Migration):
    dependencies = [("models", "0014_what_the_database_guards_of_the_team")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ContentCheck",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("subject_kind", fields.CharField(max_length=30)),
                ("subject_id", fields.UUIDField()),
                (
                    "kind",
                    fields.CharEnumField(
                        description="TEXT: text\nPHOTO: photo", enum_type=ContentKind, max_length=8
                    ),
                ),
                ("digest", fields.CharField(max_length=64)),
                ("is_current", fields.BooleanField(default=True)),
                (
                    "state",
                    fields.CharEnumField(
                        default=ContentState.PENDING,
                        description="PENDING: pending\nPASS: pass\nREVIEW: review\nRISKY: risky\nUNKNOWN: unknown",
                        enum_type=ContentState,
                        max_length=8,
                    ),
                ),
                (
                    "unjudged",
                    fields.CharEnumField(
                        null=True,
                        description="SEALED: sealed\nNO_ACCOUNT: no_account\nNOT_SEEN_LATELY: not_seen_lately\nWECHAT_AWAY: wechat_away\nNO_ANSWER: no_answer\nNOT_FETCHED: not_fetched\nNOT_TAKEN: not_taken",
                        enum_type=Unjudged,
                        max_length=16,
                    ),
                ),
                ("label", fields.IntField(default=0)),
                ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("due_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("asked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("attempts", fields.IntField(default=0)),
                ("unanswered", fields.IntField(default=0)),
                ("trace_id", fields.CharField(null=True, unique=True, max_length=80)),
                ("fetches", fields.IntField(default=0)),
                ("answered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "decision",
                    fields.CharEnumField(
                        null=True,
                        description="PASSED: passed\nHIDDEN: hidden",
                        enum_type=ContentDecision,
                        max_length=8,
                    ),
                ),
                (
                    "decided_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="decided_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="contents_decided",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("version", fields.IntField(default=1)),
            ],
            options={
                "table": "content_check",
                "app": "models",
                "unique_together": (("subject_id", "kind", "digest"),),
                "indexes": [Index(fields=["state", "due_at"])],
                "pk_attr": "id",
                "table_description": "One content of one subject: `digest` says exactly which words or which photo, so a pass covers no other.",
            },
            bases=["Model"],
        ),
    ]
