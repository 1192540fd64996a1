"""Ties messages about a report to the report; reading and consent get a day; WeChat messages go out daily."""

from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

MOVED = """
INSERT INTO report_message (id, observation_id, entry_id, title, body, created_at)
SELECT gen_random_uuid(), o.id, m.entry_id, m.title, m.body, m.created_at
FROM inbox_message m JOIN observation o ON o.client_id = m.subject_id
WHERE m.subject_kind = 'observation' ORDER BY random()
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0021_sealed_reports")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ReportMessage",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "observation",
                    fields.ForeignKeyField(
                        "models.Observation",
                        source_field="observation_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="messages",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("entry_id", fields.BigIntField()),
                ("title", fields.CharField(max_length=40)),
                ("body", fields.CharField(max_length=300)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "report_message",
                "app": "models",
                "unique_together": (("observation_id", "entry_id"),),
                "indexes": [Index(fields=["created_at"])],
                "pk_attr": "id",
                "table_description": "What the reporter of an observation is told about one journal entry.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DigestSent",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "person",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="digests",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("day", fields.DateField()),
            ],
            options={
                "table": "digest_sent",
                "app": "models",
                "unique_together": (("person_id", "day"),),
                "indexes": [Index(fields=["day"])],
                "pk_attr": "id",
                "table_description": "That a person was told through WeChat on a day that there is news of his reports; of which, nothing tells.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ReadMarks",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "person",
                    fields.OneToOneField(
                        "models.Person",
                        source_field="person_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="read_marks",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("sealed", fields.TextField(unique=False)),
                ("key_id", fields.CharField(max_length=40)),
            ],
            options={
                "table": "read_marks",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Which messages about his reports a person has read, sealed: a row says only that he opened some.",
            },
            bases=["Model"],
        ),
        ops.AddField(model_name="InboxMessage", name="read_on", field=fields.DateField(null=True)),
        ops.AddField(model_name="SubscriptionQuota", name="told_on", field=fields.DateField(null=True)),
        ops.RunSQL(
            [
                MOVED,
                "DELETE FROM inbox_message WHERE subject_kind = 'observation'",
                "DELETE FROM nudge WHERE purpose IN ('report_answered', 'recheck')",
                "UPDATE inbox_message SET read_on = (read_at AT TIME ZONE 'Asia/Shanghai')::date",
                "UPDATE subscription_quota SET told_on = (told_at AT TIME ZONE 'Asia/Shanghai')::date",
            ],
            reverse_sql="",
        ),
        ops.RemoveField(model_name="InboxMessage", name="read_at"),
        ops.AlterField(model_name="SubscriptionQuota", name="told_on", field=fields.DateField()),
        ops.RemoveField(model_name="SubscriptionQuota", name="told_at"),
        ops.AlterModelOptions(
            name="InboxMessage",
            options={
                "table": "inbox_message",
                "app": "models",
                "unique_together": (("person_id", "entry_id"),),
                "indexes": [Index(fields=["person_id", "created_at"])],
                "pk_attr": "id",
                "table_description": "What a person is told about one journal entry, reports apart; the inbox row is the delivery.",
            },
        ),
    ]
