from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.vocabulary import CaseState, DayPart


class Migration(migrations.Migration):
    dependencies = [("models", "0006_calendar_notices")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Case",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "item",
                    fields.ForeignKeyField(
                        "models.LedgerItem",
                        source_field="item_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="cases",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("round", fields.IntField()),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "models.Organisation",
                        source_field="unit_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="cases",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        description="PREPARED: prepared\nWITHDRAWN: withdrawn\nRELEASED: released\nANSWERED: answered\nFORWARDED: forwarded",
                        enum_type=CaseState,
                        max_length=10,
                    ),
                ),
                ("summary", fields.TextField(unique=False)),
                ("place_name", fields.CharField(max_length=120)),
                ("seen_on", fields.DateField()),
                (
                    "seen_part",
                    fields.CharEnumField(
                        description="DAY: day\nMORNING: morning\nAFTERNOON: afternoon",
                        enum_type=DayPart,
                        max_length=10,
                    ),
                ),
                (
                    "opened_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="opened_by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="cases_opened",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("possible_reporters", fields.IntField(null=True)),
                ("narrow_because", fields.TextField(default="", unique=False)),
                ("released_on", fields.DateField(null=True)),
                ("position", fields.IntField(null=True)),
            ],
            options={
                "table": "unit_case",
                "app": "models",
                "indexes": [
                    Index(fields=["unit_id", "released_on"]),
                    Index(fields=["item_id"]),
                    Index(fields=["state"]),
                ],
                "pk_attr": "id",
                "table_description": "A ledger item told to its unit in the office's own words. Its id is random and says nothing of when.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CaseAnswer",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "case",
                    fields.ForeignKeyField(
                        "models.Case",
                        source_field="case_id",
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
                        related_name="case_answers",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("text", fields.TextField(unique=False)),
                ("answered_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("forwarded_words", fields.TextField(default="", unique=False)),
                (
                    "forwarded_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="forwarded_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="case_answers_forwarded",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("forwarded_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "case_answer",
                "app": "models",
                "indexes": [Index(fields=["case_id", "answered_at"])],
                "pk_attr": "id",
                "table_description": "What a unit answers to the office, and what the office made of it for the reporter.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CaseBatch",
            fields=[
                ("released_on", fields.DateField(primary_key=True, unique=True, db_index=True)),
            ],
            options={
                "table": "case_batch",
                "app": "models",
                "pk_attr": "released_on",
                "table_description": "A day on which prepared cases went out: there is one batch a day, so that its hour tells nothing.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CasePicture",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "case",
                    fields.ForeignKeyField(
                        "models.Case",
                        source_field="case_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="pictures",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "photo",
                    fields.ForeignKeyField(
                        "models.Photo",
                        source_field="photo_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="cases",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("position", fields.IntField()),
            ],
            options={
                "table": "case_picture",
                "app": "models",
                "unique_together": (("case_id", "photo_id"),),
                "pk_attr": "id",
                "table_description": "A photo that the office explicitly released for a case; the unit sees a copy without any mark.",
            },
            bases=["Model"],
        ),
    ]
