from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.vocabulary import ReasonUse


class Migration(migrations.Migration):
    dependencies = [("models", "0005_messages_through_wechat")]

    initial = False

    operations = [
        ops.CreateModel(
            name="GivingBack",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "item",
                    fields.ForeignKeyField(
                        "models.LedgerItem",
                        source_field="item_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="givings_back",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "use",
                    fields.CharEnumField(
                        description="DECLINE: decline\nASK_MORE: ask_more\nGIVE_BACK: give_back\nSEND_BACK: send_back",
                        enum_type=ReasonUse,
                        max_length=12,
                    ),
                ),
                (
                    "reason",
                    fields.ForeignKeyField(
                        "models.Reason",
                        source_field="reason_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="givings_back",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("label", fields.CharField(default="", max_length=40)),
                ("words", fields.TextField(default="", unique=False)),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "models.Organisation",
                        source_field="unit_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="givings_back",
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
                        related_name="givings_back",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "giving_back",
                "app": "models",
                "indexes": [Index(fields=["item_id"])],
                "pk_attr": "id",
                "table_description": "An item that its unit gave back, or a close-out that the office sent back; `label` as the catalogue then said.",
            },
            bases=["Model"],
        ),
        ops.AlterField(
            model_name="Reason",
            name="use",
            field=fields.CharEnumField(
                description="DECLINE: decline\nASK_MORE: ask_more\nGIVE_BACK: give_back\nSEND_BACK: send_back",
                enum_type=ReasonUse,
                max_length=12,
            ),
        ),
    ]
