import functools
from json import dumps, loads
from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import UniqueConstraint


class Migration(migrations.Migration):
    dependencies = [("models", "0008_what_the_database_guards_of_cases")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Redaction",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "photo",
                    fields.ForeignKeyField(
                        "models.Photo",
                        source_field="photo_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="redactions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("subject_id", fields.UUIDField()),
                ("edition", fields.IntField()),
                (
                    "boxes",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="redactions",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "redaction",
                "app": "models",
                "unique_together": (("photo_id", "edition"),),
                "pk_attr": "id",
                "table_description": "Faces and plates blacked out in a photo; boxes are shares of width and height, from top left.",
            },
            bases=["Model"],
        ),
        ops.RemoveConstraint(
            model_name="Rendition",
            name=None,
            fields=["photo_id", "subject_id", "size"],
        ),
        ops.AddField(
            model_name="Rendition",
            name="edition",
            field=fields.IntField(db_default=0),
        ),
        ops.AddField(
            model_name="Rendition",
            name="withdrawn_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddConstraint(
            model_name="Rendition",
            constraint=UniqueConstraint(fields=("photo_id", "subject_id", "size", "edition"), name=None),
        ),
    ]
