"""Topic calls with their answers, and what was published with its source (M18)."""

from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.all_at_once import CreateModels, adding
from models.vocabulary import MediaKind

CHECKS = {
    "media_item": {
        "media_item_has_source_and_link": "source <> '' AND link ~ '^https?://'",
        "media_item_about_person_has_consent": "NOT is_about_person OR consent <> ''",
    },
    "topic_answer": {"topic_answer_link": "link = '' OR link ~ '^https?://'"},
}


class Migration(migrations.Migration):
    dependencies = [("models", "0046_items_are_linked")]

    initial = False

    operations = [
        CreateModels(
            ops.CreateModel(
                name="TopicCall",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "organisation",
                        fields.ForeignKeyField(
                            "models.Organisation",
                            source_field="organisation_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="topic_calls",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("title", fields.CharField(max_length=60)),
                    ("text", fields.TextField(db_default="", unique=False)),
                    ("due_on", fields.DateField()),
                    (
                        "called_by",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="called_by_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="topic_calls",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("called_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "topic_call",
                    "app": "models",
                    "indexes": [Index(fields=["organisation_id", "called_at"])],
                    "pk_attr": "id",
                    "table_description": "A topic that the office sets, with its deadline; each addressed unit owes one answer.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="TopicAnswer",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "call",
                        fields.ForeignKeyField(
                            "models.TopicCall",
                            source_field="call_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="answers",
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
                            related_name="topic_answers",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("title", fields.CharField(max_length=120)),
                    ("text", fields.TextField(db_default="", unique=False)),
                    ("link", fields.CharField(db_default="", max_length=300)),
                    (
                        "answered_by",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="answered_by_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="topic_answers",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("answered_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "topic_answer",
                    "app": "models",
                    "indexes": [Index(fields=["call_id", "answered_at"])],
                    "pk_attr": "id",
                    "table_description": "What a unit answers to a topic call: its words and a link; files lie beside it.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="MediaItem",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "organisation",
                        fields.ForeignKeyField(
                            "models.Organisation",
                            source_field="organisation_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="media_items",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    (
                        "answer",
                        fields.ForeignKeyField(
                            "models.TopicAnswer",
                            source_field="answer_id",
                            null=True,
                            db_constraint=True,
                            to_field="id",
                            related_name="published",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    (
                        "kind",
                        fields.CharEnumField(
                            description="COLUMN: column\nLECTURE: lecture\nPROGRAMME: programme",
                            enum_type=MediaKind,
                            max_length=12,
                        ),
                    ),
                    ("title", fields.CharField(max_length=120)),
                    ("source", fields.CharField(max_length=60)),
                    ("link", fields.CharField(max_length=300)),
                    ("published_on", fields.DateField()),
                    ("is_about_person", fields.BooleanField()),
                    ("consent", fields.CharField(db_default="", max_length=200)),
                    (
                        "entered_by",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="entered_by_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="media_items",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("entered_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "media_item",
                    "app": "models",
                    "indexes": [Index(fields=["published_on", "id"])],
                    "pk_attr": "id",
                    "table_description": "Something published: its source and link; a piece about a person names who agreed to it and when.",
                },
                bases=["Model"],
            ),
        ),
        ops.RunSQL(adding(CHECKS), reverse_sql=""),
    ]
