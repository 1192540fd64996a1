from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.vocabulary import (
    AgendaState,
    BankLevel,
    Difficulty,
    ProblemCause,
    ProblemKind,
    ProblemSourceKind,
    ProblemState,
    Solver,
)


class Migration(migrations.Migration):
    dependencies = [("models", "0009_redactions")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Problem",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "origin",
                    fields.ForeignKeyField(
                        "models.Organisation",
                        source_field="origin_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="problems_taken_in",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "bank",
                    fields.ForeignKeyField(
                        "models.Organisation",
                        source_field="bank_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="problems",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "level",
                    fields.CharEnumField(
                        description="CITY: city\nCOUNTY_UNIT: county_unit\nSPECIAL_GROUP: special_group\nUNIT: unit",
                        enum_type=BankLevel,
                        max_length=16,
                    ),
                ),
                ("series", fields.CharField(max_length=12)),
                ("year", fields.IntField()),
                ("number", fields.IntField()),
                ("number_text", fields.CharField(max_length=48)),
                (
                    "state",
                    fields.CharEnumField(
                        description="COLLECTED: collected\nTRIAGED: triaged\nESCALATED: escalated\nON_LEDGER: on_ledger\nSETTLED: settled\nMERGED: merged",
                        enum_type=ProblemState,
                        max_length=12,
                    ),
                ),
                ("title", fields.CharField(max_length=60)),
                ("summary", fields.TextField(default="", unique=False)),
                ("place_name", fields.CharField(default="", max_length=120)),
                ("wgs_latitude", fields.FloatField(null=True)),
                ("wgs_longitude", fields.FloatField(null=True)),
                (
                    "task",
                    fields.ForeignKeyField(
                        "models.ReformTask",
                        source_field="task_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="problems",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "kind",
                    fields.CharEnumField(
                        null=True,
                        description="BOTTLENECK: bottleneck\nCOMMON: common\nSINGLE: single\nLEGACY: legacy",
                        enum_type=ProblemKind,
                        max_length=16,
                    ),
                ),
                (
                    "cause",
                    fields.CharEnumField(
                        null=True,
                        description="MECHANISM: mechanism\nRESPONSIBILITY: responsibility\nCOORDINATION: coordination\nRESOURCES: resources\nPOLICY: policy\nEXECUTION: execution\nOTHER: other",
                        enum_type=ProblemCause,
                        max_length=16,
                    ),
                ),
                (
                    "difficulty",
                    fields.CharEnumField(
                        null=True,
                        description="EASY: easy\nHARD: hard\nVERY_HARD: very_hard",
                        enum_type=Difficulty,
                        max_length=12,
                    ),
                ),
                (
                    "solver",
                    fields.CharEnumField(
                        null=True,
                        description="OWN_LEVEL: own_level\nCITY: city",
                        enum_type=Solver,
                        max_length=12,
                    ),
                ),
                ("triage_words", fields.TextField(default="", unique=False)),
                (
                    "item",
                    fields.ForeignKeyField(
                        "models.LedgerItem",
                        source_field="item_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="problems",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "merged_into",
                    fields.ForeignKeyField(
                        "models.Problem",
                        source_field="merged_into_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="merged",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "collected_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="collected_by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="problems_collected",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("collected_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("touched_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("version", fields.IntField(default=1)),
            ],
            options={
                "table": "problem",
                "app": "models",
                "unique_together": (("origin_id", "series", "year", "number"),),
                "indexes": [
                    Index(fields=["bank_id", "state"]),
                    Index(fields=["collected_at", "id"]),
                    Index(fields=["touched_at"]),
                    Index(fields=["item_id"]),
                ],
                "pk_attr": "id",
                "table_description": "A problem under the number of the bank that took it in; the number goes with it wherever it goes.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="AgendaEntry",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "problem",
                    fields.ForeignKeyField(
                        "models.Problem",
                        source_field="problem_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="agenda_entries",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        description="WAITING: waiting\nDECIDED: decided", enum_type=AgendaState, max_length=8
                    ),
                ),
                ("request", fields.TextField(unique=False)),
                (
                    "asked_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="asked_by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="agenda_entries_asked",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("decision", fields.TextField(default="", unique=False)),
                ("decided_on", fields.DateField(null=True)),
                (
                    "recorded_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="recorded_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="agenda_entries_recorded",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "item",
                    fields.ForeignKeyField(
                        "models.LedgerItem",
                        source_field="item_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="agenda_entries",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "agenda_entry",
                "app": "models",
                "indexes": [Index(fields=["problem_id"]), Index(fields=["state", "asked_at"])],
                "pk_attr": "id",
                "table_description": "A problem put before the reform commission (提请), and what the commission decided.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ProblemSource",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "problem",
                    fields.ForeignKeyField(
                        "models.Problem",
                        source_field="problem_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="sources",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "kind",
                    fields.CharEnumField(
                        description="OBSERVATION: observation\nLEDGER_ITEM: ledger_item\nCHECKLIST_ANSWER: checklist_answer\nSITE_VISIT: site_visit\nEVALUATION: evaluation\nMEETING: meeting\nRESEARCH: research\nLETTER: letter\nIMPORT: import\nBY_HAND: by_hand",
                        enum_type=ProblemSourceKind,
                        max_length=16,
                    ),
                ),
                ("source_id", fields.UUIDField(null=True)),
                ("words", fields.CharField(default="", max_length=200)),
            ],
            options={
                "table": "problem_source",
                "app": "models",
                "indexes": [Index(fields=["kind", "source_id"]), Index(fields=["problem_id"])],
                "pk_attr": "id",
                "table_description": "Where a problem comes from; read from the problem and from the source alike.",
            },
            bases=["Model"],
        ),
    ]
