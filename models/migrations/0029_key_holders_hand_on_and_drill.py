"""Adds hand-overs of a leaving key-holder's envelope halves, and the monthly drill in which two prove their keys."""

import functools
from json import dumps, loads
from typing import Any
from uuid import uuid4

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


def by_holder(*, null: bool = False) -> Any:
    return fields.JSONField(null=null, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads)


class Migration(migrations.Migration):
    dependencies = [("models", "0028_digests_that_failed_are_counted")]

    initial = False

    operations = [
        ops.AddField(model_name="Escrow", name="handed_on", field=by_holder(null=True)),
        ops.CreateModel(
            name="EscrowDrill",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("keyset_id", fields.UUIDField()),
                ("began_on", fields.DateField()),
                ("papers", by_holder()),
                ("expected", by_holder()),
                ("results", by_holder()),
                ("passed_on", fields.DateField(null=True)),
            ],
            options={
                "table": "escrow_drill",
                "app": "models",
                "indexes": [Index(fields=["keyset_id", "passed_on"])],
                "pk_attr": "id",
                "table_description": "Once a month two key-holders show that their keys open an envelope of nobody.",
            },
            bases=["Model"],
        ),
    ]
