from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from models.all_at_once import CreateModels
from models.vocabulary import TemplatePurpose


class Migration(migrations.Migration):
    dependencies = [("models", "0002_what_the_database_guards")]

    initial = False

    operations = [
        CreateModels(
            ops.CreateModel(
                name="Template",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "purpose",
                        fields.CharEnumField(
                            unique=True,
                            description="RECEIVED: received\nACCEPTED: accepted\nMORE_ASKED: more_asked\nDECLINED: declined\nSENT_ON: sent_on\nRESULT: result\nREOPENED: reopened\nDISPATCH: dispatch\nTRANSFER: transfer\nURGING: urging\nEXTENSION_GRANTED: extension_granted\nEXTENSION_REFUSED: extension_refused\nPOSTPONED: postponed\nRECOMPUTED: recomputed\nRETAINED: retained\nRETENTION_REFUSED: retention_refused\nCLOSE_OUT_REFUSED: close_out_refused\nCLOSE_OUT_GRANTED: close_out_granted",
                            enum_type=TemplatePurpose,
                            max_length=24,
                        ),
                    ),
                    ("title", fields.CharField(max_length=40)),
                    ("body", fields.TextField(unique=False)),
                    ("version", fields.IntField(default=1)),
                ],
                options={
                    "table": "template",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "A wording that the office has changed; one without a row reads as the standard text says.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="TemplateVersion",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "template",
                        fields.ForeignKeyField(
                            "models.Template",
                            source_field="template_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="versions",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("version", fields.IntField()),
                    ("title", fields.CharField(max_length=40)),
                    ("body", fields.TextField(unique=False)),
                    ("why", fields.CharField(max_length=200)),
                    ("at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                    (
                        "by",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="by_id",
                            null=True,
                            db_constraint=True,
                            to_field="id",
                            related_name="template_versions",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                ],
                options={
                    "table": "template_version",
                    "app": "models",
                    "unique_together": (("template_id", "version"),),
                    "pk_attr": "id",
                    "table_description": "What a template said at one time; rows are only added. The standard text has no author and no time.",
                },
                bases=["Model"],
            ),
        )
    ]
