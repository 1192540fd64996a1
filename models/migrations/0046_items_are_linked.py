"""Links between ledger items that belong together and stay two (LED-09)."""

from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.all_at_once import adding

CHECKS = {"item_link": {"item_link_pair": "one_id < other_id"}}


class Migration(migrations.Migration):
    dependencies = [("models", "0045_a_result_is_corrected")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ItemLink",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "one",
                    fields.ForeignKeyField(
                        "models.LedgerItem",
                        source_field="one_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="links_from",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "other",
                    fields.ForeignKeyField(
                        "models.LedgerItem",
                        source_field="other_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="links_to",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("reason", fields.CharField(max_length=1000)),
                (
                    "linked_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="linked_by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="links_made",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("linked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "item_link",
                "app": "models",
                "unique_together": (("one_id", "other_id"),),
                "indexes": [Index(fields=["other_id"])],
                "pk_attr": "id",
                "table_description": "That two items belong together and stay two; the smaller id comes first, so that a pair stands once.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(adding(CHECKS), reverse_sql=""),
    ]
