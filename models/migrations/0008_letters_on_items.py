from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from models.vocabulary import TemplatePurpose


class Migration(migrations.Migration):
    dependencies = [("models", "0007_the_ledger_by_sheet")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Letter",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "item",
                    fields.ForeignKeyField(
                        "models.LedgerItem",
                        source_field="item_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="letters",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "purpose",
                    fields.CharEnumField(
                        description="RECEIVED: received\nACCEPTED: accepted\nMORE_ASKED: more_asked\nDECLINED: declined\nSENT_ON: sent_on\nRESULT: result\nREOPENED: reopened\nDISPATCH: dispatch\nTRANSFER: transfer\nURGING: urging\nEXTENSION_GRANTED: extension_granted\nEXTENSION_REFUSED: extension_refused\nPOSTPONED: postponed\nRECOMPUTED: recomputed\nRETAINED: retained\nRETENTION_REFUSED: retention_refused\nCLOSE_OUT_REFUSED: close_out_refused\nCLOSE_OUT_GRANTED: close_out_granted\nDISPATCH_LETTER: dispatch_letter\nURGING_LETTER: urging_letter",
                        enum_type=TemplatePurpose,
                        max_length=24,
                    ),
                ),
                ("occasion", fields.CharField(max_length=80)),
                (
                    "issuer",
                    fields.ForeignKeyField(
                        "models.Organisation",
                        source_field="issuer_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="letters",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("series", fields.CharField(max_length=12)),
                ("year", fields.IntField()),
                ("number", fields.IntField()),
                ("number_text", fields.CharField(unique=True, max_length=40)),
                ("issuer_name", fields.CharField(max_length=80)),
                ("addressee", fields.CharField(max_length=80)),
                ("title", fields.CharField(max_length=120)),
                ("body", fields.TextField(unique=False)),
                ("template_version", fields.IntField()),
                ("issued_on", fields.DateField()),
                ("issued_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "issued_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="issued_by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="letters_issued",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "letter",
                "app": "models",
                "unique_together": (
                    ("item_id", "purpose", "occasion"),
                    ("issuer_id", "series", "year", "number"),
                ),
                "pk_attr": "id",
                "table_description": "A letter as it was issued; a row is never changed. For one `occasion` an item gets one letter of a kind.",
            },
            bases=["Model"],
        ),
        ops.AlterField(
            model_name="Template",
            name="purpose",
            field=fields.CharEnumField(
                unique=True,
                description="RECEIVED: received\nACCEPTED: accepted\nMORE_ASKED: more_asked\nDECLINED: declined\nSENT_ON: sent_on\nRESULT: result\nREOPENED: reopened\nDISPATCH: dispatch\nTRANSFER: transfer\nURGING: urging\nEXTENSION_GRANTED: extension_granted\nEXTENSION_REFUSED: extension_refused\nPOSTPONED: postponed\nRECOMPUTED: recomputed\nRETAINED: retained\nRETENTION_REFUSED: retention_refused\nCLOSE_OUT_REFUSED: close_out_refused\nCLOSE_OUT_GRANTED: close_out_granted\nDISPATCH_LETTER: dispatch_letter\nURGING_LETTER: urging_letter",
                enum_type=TemplatePurpose,
                max_length=24,
            ),
        ),
    ]
