from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0005_claims_threads_and_second_eyes")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CalendarNotice",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("year", fields.IntField()),
                ("source", fields.CharField(max_length=80)),
                (
                    "loaded_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="loaded_by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="calendar_notices",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("loaded_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "calendar_notice",
                "app": "models",
                "indexes": [Index(fields=["year"])],
                "pk_attr": "id",
                "table_description": "A year's notice of holidays and make-up workdays, as the office loaded it; the newest one counts.",
            },
            bases=["Model"],
        ),
    ]
