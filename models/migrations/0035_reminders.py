"""Reminders (REM-01 to REM-11): rules with history, who was reminded of what, and each message that carried it."""

import functools
from json import dumps, loads
from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.all_at_once import CreateModels, adding
from models.vocabulary import Channel, DeliveryFailure, DeliveryState, Recipient, Urgency

OVER = "(ended_at IS NULL) OR (next_at IS NULL AND climbs_at IS NULL)"
CHECKS = {
    "reminder_rule": {"reminder_rule_number": "version > 0"},
    "reminder_rule_version": {
        "reminder_rule_past_number": "version > 0",
        "reminder_rule_has_time_and_author": "(at IS NULL) = (by_id IS NULL)",
    },
    "reminder": {
        "reminder_ended_is_over": OVER,
        "reminder_acknowledged_has_ended": "acknowledged_at IS NULL OR ended_at IS NOT NULL",
        "reminder_steps": "step >= 0 AND rung >= 0",
    },
    "delivery": {
        "delivery_failure_has_reason": "(state = 'failed') = (failure IS NOT NULL)",
        "delivery_copies": "copies BETWEEN 0 AND 1",
        "delivery_attempts": "attempts >= 0",
    },
    "substitution": {
        "substitution_of_another": "person_id <> substitute_id",
        "substitution_days": "until_on IS NULL OR until_on >= since_on",
        "substitution_leave_ends": "until_on IS NOT NULL OR NOT is_leave",
    },
    "reminder_setting": {
        "reminder_setting_minutes": "quiet_from BETWEEN 0 AND 1439 AND quiet_until BETWEEN 0 AND 1439",
        "reminder_setting_both": "(quiet_from IS NULL) = (quiet_until IS NULL)",
        "reminder_setting_feed": "(feed_hash IS NULL) = (feed_made_on IS NULL)",
    },
    "inbox_message": {"inbox_message_has_one_cause": "entry_id IS NULL OR reminder_id IS NULL"},
}

ONLY_ADDED = """
CREATE FUNCTION reminder_rule_version_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what a rule said is kept' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER reminder_rule_version_no_change BEFORE UPDATE OR DELETE ON reminder_rule_version
    FOR EACH ROW EXECUTE FUNCTION reminder_rule_version_is_kept();
"""

# The planner and the senders read what is due and nothing else, however long the ledger is.
INDEXES = [
    "CREATE INDEX reminder_next ON reminder (next_at) WHERE next_at IS NOT NULL",
    "CREATE INDEX reminder_climbs ON reminder (climbs_at) WHERE climbs_at IS NOT NULL",
    "CREATE INDEX reminder_open ON reminder (subject_id) WHERE ended_at IS NULL",
    "CREATE INDEX delivery_to_send ON delivery (due_at) WHERE state IN ('planned', 'held')",
    "CREATE INDEX delivery_trouble ON delivery (planned_at) WHERE state IN ('failed', 'unknown') AND seen_at IS NULL",
    "CREATE INDEX ledger_item_worked_on_by_due ON ledger_item (due_on) WHERE state IN ('dispatched', 'in_progress')",
    "CREATE INDEX ledger_item_retained_by_review ON ledger_item (next_review_on) WHERE state = 'retained'",
]


class Migration(migrations.Migration):
    dependencies = [("models", "0034_site_visits")]

    initial = False

    operations = [
        CreateModels(
            ops.CreateModel(
                name="JobRun",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    ("job", fields.CharField(max_length=40)),
                    ("period", fields.DateField()),
                    ("ran_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "job_run",
                    "app": "models",
                    "unique_together": (("job", "period"),),
                    "pk_attr": "id",
                    "table_description": "That a job ran for a period; whoever inserts the row runs it, for any number of schedulers.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Reminder",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    ("kind", fields.CharField(max_length=30)),
                    ("subject_kind", fields.CharField(max_length=30)),
                    ("subject_id", fields.UUIDField()),
                    ("round", fields.IntField()),
                    ("due_on", fields.DateField()),
                    ("offset", fields.IntField()),
                    (
                        "person",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="person_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="reminders",
                            on_delete=OnDelete.CASCADE,
                        ),
                    ),
                    (
                        "recipient",
                        fields.CharEnumField(
                            description="COMMISSIONER: commissioner\nCONTACT: contact\nMEMBER: member\nSUBSTITUTE: substitute\nLEADING_OFFICIAL: leading_official\nOFFICE: office",
                            enum_type=Recipient,
                            max_length=20,
                        ),
                    ),
                    (
                        "climbed_from",
                        fields.ForeignKeyField(
                            "models.Reminder",
                            source_field="climbed_from_id",
                            null=True,
                            db_constraint=True,
                            to_field="id",
                            related_name="climbed",
                            on_delete=OnDelete.CASCADE,
                        ),
                    ),
                    ("rule_version", fields.IntField()),
                    (
                        "urgency",
                        fields.CharEnumField(
                            description="ROUTINE: routine\nDUE_TODAY: due_today\nOVERDUE: overdue\nLETTER: letter\nURGENT: urgent",
                            enum_type=Urgency,
                            max_length=12,
                        ),
                    ),
                    ("number", fields.CharField(max_length=40)),
                    ("unit", fields.CharField(default="", max_length=20)),
                    ("short", fields.CharField(max_length=20)),
                    ("title", fields.CharField(max_length=40)),
                    ("body", fields.CharField(max_length=300)),
                    (
                        "state",
                        fields.CharEnumField(
                            description="PLANNED: planned\nHELD: held\nSENT: sent\nDELIVERED: delivered\nOPENED: opened\nACKNOWLEDGED: acknowledged\nUNKNOWN: unknown\nFAILED: failed\nWITHDRAWN: withdrawn",
                            enum_type=DeliveryState,
                            max_length=12,
                        ),
                    ),
                    (
                        "channels",
                        fields.JSONField(
                            encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                        ),
                    ),
                    ("step", fields.IntField(db_default=0)),
                    ("rung", fields.IntField(db_default=0)),
                    ("next_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                    ("climbs_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                    ("told_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("opened_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                    ("acknowledged_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                    ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                    ("ended_because", fields.CharField(db_default="", max_length=60)),
                ],
                options={
                    "table": "reminder",
                    "app": "models",
                    "unique_together": (("subject_id", "kind", "round", "due_on", "offset", "person_id"),),
                    "indexes": [Index(fields=["person_id", "told_at"]), Index(fields=["told_at", "id"])],
                    "pk_attr": "id",
                    "table_description": "That one person is reminded of one matter: once for each deadline, offset and round of the matter.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Delivery",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "person",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="person_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="deliveries",
                            on_delete=OnDelete.CASCADE,
                        ),
                    ),
                    (
                        "channel",
                        fields.CharEnumField(
                            description="INBOX: inbox\nSUBSCRIBE: subscribe\nSERVICE_ACCOUNT: service_account\nWECOM: wecom\nEMAIL: email\nSMS: sms",
                            enum_type=Channel,
                            max_length=16,
                        ),
                    ),
                    (
                        "urgency",
                        fields.CharEnumField(
                            description="ROUTINE: routine\nDUE_TODAY: due_today\nOVERDUE: overdue\nLETTER: letter\nURGENT: urgent",
                            enum_type=Urgency,
                            max_length=12,
                        ),
                    ),
                    (
                        "state",
                        fields.CharEnumField(
                            description="PLANNED: planned\nHELD: held\nSENT: sent\nDELIVERED: delivered\nOPENED: opened\nACKNOWLEDGED: acknowledged\nUNKNOWN: unknown\nFAILED: failed\nWITHDRAWN: withdrawn",
                            enum_type=DeliveryState,
                            max_length=12,
                        ),
                    ),
                    (
                        "failure",
                        fields.CharEnumField(
                            null=True,
                            description="REFUSED: refused\nNO_ADDRESS: no_address\nOURS: ours\nLATE: late",
                            enum_type=DeliveryFailure,
                            max_length=12,
                        ),
                    ),
                    ("planned_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("due_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("until_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("claimed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                    ("settled_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                    ("seen_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                    ("attempts", fields.IntField(db_default=0)),
                    ("copies", fields.IntField(db_default=0)),
                    ("template", fields.CharField(db_default="", max_length=64)),
                    ("message_id", fields.CharField(db_default="", max_length=40)),
                    ("errcode", fields.IntField(null=True)),
                    (
                        "tries",
                        fields.JSONField(
                            encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                        ),
                    ),
                    (
                        "reminders",
                        fields.ManyToManyField(
                            "models.Reminder",
                            unique=True,
                            db_constraint=True,
                            through="delivery_reminder",
                            forward_key="reminder_id",
                            backward_key="delivery_id",
                            related_name="deliveries",
                            on_delete=OnDelete.CASCADE,
                        ),
                    ),
                ],
                options={
                    "table": "delivery",
                    "app": "models",
                    "indexes": [Index(fields=["person_id", "channel"]), Index(fields=["state", "due_at"])],
                    "pk_attr": "id",
                    "table_description": "A message to one person through one channel, for one reminder or several; it is claimed before it is sent.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="ReminderRule",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    ("kind", fields.CharField(unique=True, max_length=30)),
                    (
                        "content",
                        fields.JSONField(
                            encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                        ),
                    ),
                    ("version", fields.IntField(default=1)),
                ],
                options={
                    "table": "reminder_rule",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "A rule that the office has changed; a kind without a row follows the city pack.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="ReminderRuleVersion",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "rule",
                        fields.ForeignKeyField(
                            "models.ReminderRule",
                            source_field="rule_id",
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
                            related_name="reminder_rule_versions",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                ],
                options={
                    "table": "reminder_rule_version",
                    "app": "models",
                    "unique_together": (("rule_id", "version"),),
                    "pk_attr": "id",
                    "table_description": "What a rule said at one time; rows are only added. The city pack's rule has no author and no time.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="ReminderSetting",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "person",
                        fields.OneToOneField(
                            "models.Person",
                            source_field="person_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="reminder_setting",
                            on_delete=OnDelete.CASCADE,
                        ),
                    ),
                    ("quiet_from", fields.IntField(null=True)),
                    ("quiet_until", fields.IntField(null=True)),
                    ("feed_hash", fields.CharField(null=True, unique=True, max_length=64)),
                    ("feed_made_on", fields.DateField(null=True)),
                ],
                options={
                    "table": "reminder_setting",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "A person's own quiet hours, in minutes of the day, and the hash of the calendar link that is valid now.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Substitution",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "person",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="person_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="substitutions",
                            on_delete=OnDelete.CASCADE,
                        ),
                    ),
                    (
                        "substitute",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="substitute_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="stands_in",
                            on_delete=OnDelete.CASCADE,
                        ),
                    ),
                    ("since_on", fields.DateField()),
                    ("until_on", fields.DateField(null=True)),
                    ("is_leave", fields.BooleanField(db_default=False)),
                ],
                options={
                    "table": "substitution",
                    "app": "models",
                    "indexes": [Index(fields=["person_id"]), Index(fields=["substitute_id"])],
                    "pk_attr": "id",
                    "table_description": "Who stands in for a person: always, or while the person is on leave.",
                },
                bases=["Model"],
            ),
        ),
        ops.AddField(
            model_name="Identity",
            name="email_sealed",
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name="Identity",
            name="service_openid_sealed",
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name="Identity",
            name="unionid_lookup",
            field=fields.CharField(null=True, max_length=64),
        ),
        ops.AddField(
            model_name="Identity",
            name="unionid_sealed",
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name="Identity",
            name="wecom_sealed",
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddIndex(
            model_name="Identity",
            index=Index(fields=["unionid_lookup"]),
        ),
        ops.AlterModelOptions(
            name="InboxMessage",
            options={
                "table": "inbox_message",
                "app": "models",
                "unique_together": (("person_id", "entry_id"),),
                "indexes": [Index(fields=["person_id", "created_at"])],
                "pk_attr": "id",
                "table_description": "What a person is told about one journal entry or by one reminder; the inbox row is the delivery.",
            },
        ),
        ops.AlterField(
            model_name="InboxMessage",
            name="entry_id",
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name="InboxMessage",
            name="reminder",
            field=fields.OneToOneField(
                "models.Reminder",
                source_field="reminder_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="message",
                on_delete=OnDelete.CASCADE,
            ),
        ),
        ops.AddField(
            model_name="SubscriptionQuota",
            name="is_long_term",
            field=fields.BooleanField(db_default=False),
        ),
        ops.RunSQL([*adding(CHECKS), ONLY_ADDED, *INDEXES], reverse_sql=""),
    ]
