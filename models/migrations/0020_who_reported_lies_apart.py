"""Removes persons from reports: a mark and a box remain, made by server.migrating from `reporter_unmarked`.

Times of people that would match a report's become days. A dropped column's bytes stay in old rows until
their table is rewritten; server.migrating does that too.
"""

from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

PHONE_SESSIONS = """
UPDATE session SET created_at = date_trunc('day', created_at, 'Asia/Shanghai'),
    seen_at = date_trunc('day', seen_at, 'Asia/Shanghai'), ends_at = date_trunc('day', ends_at, 'Asia/Shanghai'),
    device = CASE WHEN device ILIKE '%android%' THEN 'Android' WHEN device ~* 'iphone|ipad' THEN 'iPhone'
        ELSE '其他' END
WHERE channel = 'phone'
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0019_originals_are_checked_without_keys")]

    initial = False

    operations = [
        ops.AddField(model_name="Person", name="created_on", field=fields.DateField(null=True)),
        ops.AddField(model_name="Consent", name="agreed_on", field=fields.DateField(null=True)),
        ops.RunSQL(
            [
                "CREATE TABLE reporter_unmarked AS SELECT id AS observation_id, reporter_id AS person_id FROM observation",
                "REVOKE ALL ON reporter_unmarked FROM duchatong_app",
                "UPDATE person SET created_on = (created_at AT TIME ZONE 'Asia/Shanghai')::date",
                "UPDATE consent SET agreed_on = (agreed_at AT TIME ZONE 'Asia/Shanghai')::date",
                PHONE_SESSIONS,
                "UPDATE observation SET received_at = date_trunc('second', received_at)",
            ],
            reverse_sql="",
        ),
        ops.AlterField(model_name="Person", name="created_on", field=fields.DateField()),
        ops.RemoveField(model_name="Person", name="created_at"),
        ops.AlterField(model_name="Consent", name="agreed_on", field=fields.DateField()),
        ops.RemoveField(model_name="Consent", name="agreed_at"),
        ops.AlterModelOptions(
            name="Consent",
            options={
                "table": "consent",
                "app": "models",
                "unique_together": (("person_id", "version"),),
                "pk_attr": "id",
                "table_description": "That somebody has read and agreed to a version of the privacy guideline, and on which day.",
            },
        ),
        ops.CreateModel(
            name="Salt",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("person_id", fields.UUIDField()),
                ("sealed", fields.TextField(unique=False)),
                ("key_id", fields.CharField(max_length=40)),
            ],
            options={
                "table": "salt",
                "app": "models",
                "indexes": [Index(fields=["person_id"]), Index(fields=["key_id"])],
                "pk_attr": "id",
                "table_description": "Random bytes of a person's own, sealed; without them nothing finds his reports (server.reporters).",
            },
            bases=["Model"],
        ),
        ops.RemoveField(model_name="Identity", name="created_at"),
        ops.RemoveIndex(model_name="Observation", name=None, fields=["reporter_id", "received_at"]),
        ops.RemoveConstraint(model_name="Observation", name=None, fields=["reporter_id", "client_id"]),
        ops.AlterField(model_name="Observation", name="client_id", field=fields.UUIDField(unique=True)),
        ops.RemoveField(model_name="Observation", name="reporter"),
        ops.AddIndex(model_name="Observation", index=Index(fields=["received_at"])),
        ops.CreateModel(
            name="Reporter",
            fields=[
                ("observation_id", fields.UUIDField(primary_key=True, unique=True, db_index=True)),
                ("mark", fields.BinaryField()),
                ("box", fields.BinaryField()),
                ("key_id", fields.CharField(max_length=16)),
            ],
            options={
                "table": "reporter",
                "app": "models",
                "indexes": [Index(fields=["key_id"])],
                "pk_attr": "observation_id",
                "table_description": "Who sent an observation, found through server.reporters alone: no column says it without a key.",
            },
            bases=["Model"],
        ),
        ops.AlterModelOptions(
            name="ThreadMessage",
            options={
                "table": "thread_message",
                "app": "models",
                "indexes": [Index(fields=["observation_id", "sent_at"])],
                "pk_attr": "id",
                "table_description": "A line between reporter and office under one report (SUB-11); `by` is the office's own who wrote it.",
            },
        ),
        ops.AlterField(
            model_name="ThreadMessage",
            name="by",
            field=fields.ForeignKeyField(
                "models.Person",
                source_field="by_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="thread_messages",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.RunSQL(
            [
                "ALTER TABLE salt ADD FOREIGN KEY (person_id) REFERENCES person ON DELETE CASCADE",
                "CREATE UNIQUE INDEX reporter_mark ON reporter (mark)",
                "ALTER TABLE reporter ADD FOREIGN KEY (observation_id) REFERENCES observation ON DELETE CASCADE",
                "UPDATE thread_message SET by_id = NULL WHERE NOT from_office",
                "ALTER TABLE thread_message ADD CONSTRAINT thread_message_names_the_office_alone"
                " CHECK ((by_id IS NULL) = NOT from_office)",
            ],
            reverse_sql="",
        ),
    ]


CHECKS = {"thread_message": {"thread_message_names_the_office_alone": "(by_id IS NULL) = NOT from_office"}}
