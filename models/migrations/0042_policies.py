"""Policies as data with their history (ADM-05), categories of reports and items (SUB-01), a second person for voiding."""

import functools
from json import dumps, loads
from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from models.all_at_once import CreateModels, adding

CHECKS = {
    "policy": {"policy_number": "version > 0"},
    "policy_version": {
        "policy_past_number": "version > 0",
        "policy_has_time_and_author": "(at IS NULL) = (by_id IS NULL)",
    },
}
ONLY_ADDED = """
CREATE FUNCTION policy_version_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what a policy said is kept' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER policy_version_no_change BEFORE UPDATE OR DELETE ON policy_version
    FOR EACH ROW EXECUTE FUNCTION policy_version_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0041_tables_speak_of_people")]

    initial = False

    operations = [
        CreateModels(
            ops.CreateModel(
                name="Policy",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    ("code", fields.CharField(unique=True, max_length=30)),
                    (
                        "content",
                        fields.JSONField(
                            encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                        ),
                    ),
                    ("version", fields.IntField(default=1)),
                ],
                options={
                    "table": "policy",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "A rule that the office has changed; one without a row follows the city pack.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="PolicyVersion",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "policy",
                        fields.ForeignKeyField(
                            "models.Policy",
                            source_field="policy_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="versions",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("version", fields.IntField()),
                    (
                        "content",
                        fields.JSONField(
                            encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                        ),
                    ),
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
                            related_name="policy_versions",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                ],
                options={
                    "table": "policy_version",
                    "app": "models",
                    "unique_together": (("policy_id", "version"),),
                    "pk_attr": "id",
                    "table_description": "What a policy said at one time; rows are only added. The city pack's has no author and no time.",
                },
                bases=["Model"],
            ),
        ),
        ops.AddField(
            model_name="Observation", name="category", field=fields.CharField(null=True, max_length=24)
        ),
        ops.AddField(
            model_name="LedgerItem", name="category", field=fields.CharField(null=True, max_length=24)
        ),
        ops.AddField(
            model_name="LedgerItem",
            name="void_asked_by",
            field=fields.ForeignKeyField(
                "models.Person",
                source_field="void_asked_by_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="voidings_asked",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.RunSQL([*adding(CHECKS), ONLY_ADDED], reverse_sql=""),
    ]
