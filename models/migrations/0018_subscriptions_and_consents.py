from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from models.vocabulary import SubscriptionOutcome


class Migration(migrations.Migration):
    dependencies = [("models", "0017_reporters_lines_unread")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Consent",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="consents",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("version", fields.CharField(max_length=20)),
                ("agreed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "consent",
                "app": "models",
                "unique_together": (("person_id", "version"),),
                "pk_attr": "id",
                "table_description": "That somebody has read and agreed to a version of the privacy guideline, and when.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SubscriptionQuota",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="subscriptions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("template", fields.CharField(max_length=64)),
                ("credits", fields.IntField(db_default=0)),
                (
                    "outcome",
                    fields.CharEnumField(
                        description="ACCEPT: accept\nREJECT: reject\nBAN: ban\nFILTER: filter",
                        enum_type=SubscriptionOutcome,
                        max_length=8,
                    ),
                ),
                ("told_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "subscription_quota",
                "app": "models",
                "unique_together": (("person_id", "template"),),
                "pk_attr": "id",
                "table_description": "How many messages of a template somebody has allowed, and what he answered last.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Identity",
            name="avatar_sealed",
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name="Identity",
            name="nickname_sealed",
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name="Person",
            name="leaves_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
    ]
