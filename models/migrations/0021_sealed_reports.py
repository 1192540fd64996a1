"""Adds sealed reports without a reporter, their envelopes, and the capabilities of nameless reporters."""

import functools
from json import dumps, loads
from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.vocabulary import OpeningReason, Role


class Migration(migrations.Migration):
    dependencies = [("models", "0020_who_reported_lies_apart")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Escrow",
            fields=[
                (
                    "observation_id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                ("keyset_id", fields.UUIDField()),
                ("envelope_sealed", fields.TextField(unique=False)),
                ("digest", fields.CharField(max_length=64)),
            ],
            options={
                "table": "escrow",
                "app": "models",
                "pk_attr": "observation_id",
                "table_description": "The envelope of a sealed report under the server's own seal; its digest stands in the journal.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="EscrowOpening",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("observation_id", fields.UUIDField()),
                (
                    "reason",
                    fields.CharEnumField(
                        description="INQUIRY: inquiry\nDANGER: danger\nREQUEST: request",
                        enum_type=OpeningReason,
                        max_length=16,
                    ),
                ),
                ("words", fields.CharField(max_length=300)),
                ("file_number", fields.CharField(max_length=60)),
                ("reader_name", fields.CharField(max_length=60)),
                ("reader_key", fields.TextField(unique=False)),
                (
                    "asked_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="asked_by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="openings_asked",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("asked_on", fields.DateField()),
                (
                    "answers",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                ("opened_on", fields.DateField(null=True)),
            ],
            options={
                "table": "escrow_opening",
                "app": "models",
                "indexes": [Index(fields=["observation_id"])],
                "pk_attr": "id",
                "table_description": "A wish to open an envelope: journalled before a share can be made, told to the reporter once it is open.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Keyset",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "holders",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                ("since", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "keyset",
                "app": "models",
                "pk_attr": "id",
                "table_description": 'Three key-holders, by letter: {"A": {"office": …, "name": …, "key": …}}; the one without an end is in use.',
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SealedAccess",
            fields=[
                (
                    "observation_id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                ("capability_hash", fields.CharField(unique=True, max_length=64)),
                ("recovery_key", fields.CharField(unique=True, max_length=64)),
            ],
            options={
                "table": "sealed_access",
                "app": "models",
                "pk_attr": "observation_id",
                "table_description": "What lets the reporter of a sealed report in: hashes of the phone's capability and of the code on paper.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SealedArrival",
            fields=[
                (
                    "observation_id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                (
                    "columns",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
            ],
            options={
                "table": "sealed_arrival",
                "app": "models",
                "pk_attr": "observation_id",
                "table_description": "A sealed report that has come and is not entered yet; once an hour all are entered in mixed order.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SpentTicket",
            fields=[
                ("nonce_hash", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ("until", fields.DateField()),
            ],
            options={
                "table": "spent_ticket",
                "app": "models",
                "indexes": [Index(fields=["until"])],
                "pk_attr": "nonce_hash",
                "table_description": "The hash of a used ticket's random number, until the ticket would have run out.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="TicketDay",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("person_id", fields.UUIDField()),
                ("day", fields.DateField()),
            ],
            options={
                "table": "ticket_day",
                "app": "models",
                "unique_together": (("person_id", "day"),),
                "pk_attr": "id",
                "table_description": "Whoever opened the program on a day got his tickets; tells nothing, because everybody gets them.",
            },
            bases=["Model"],
        ),
        ops.AlterField(
            model_name="Observation",
            name="reporter_role",
            field=fields.CharEnumField(
                null=True,
                description="CITIZEN: citizen\nTEAM_MEMBER: team_member\nDEPUTY: deputy\nREFORM_OBSERVER: reform_observer\nCOMMISSIONER: commissioner\nDEPARTMENT_CONTACT: department_contact\nLEADING_OFFICIAL: leading_official\nOFFICE_STAFF: office_staff\nOFFICE_LEAD: office_lead\nAUDITOR: auditor\nADMINISTRATOR: administrator",
                enum_type=Role,
                max_length=32,
            ),
        ),
    ]
