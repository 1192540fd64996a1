"""What must be done how often (LED-14, M01, M02): rules, obligations with proofs, files, meetings, month reports."""

import functools
from json import dumps, loads
from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.all_at_once import CreateModels, adding
from models.vocabulary import CadencePeriod, FileKind, ProofKind, RequestToCity

CHECKS = {
    "cadence_rule": {"cadence_rule_number": "version > 0"},
    "cadence_rule_version": {
        "cadence_rule_past_number": "version > 0",
        "cadence_rule_has_time_and_author": "(at IS NULL) = (by_id IS NULL)",
    },
    "obligation": {
        "obligation_days": "starts_on <= due_on AND soon_on <= due_on",
        "obligation_times": "least > 0 AND (most IS NULL OR most >= least)",
        "obligation_has_rule_or_call": "(period IS NULL) = (about_id IS NOT NULL)",
    },
    "proof": {
        "proof_withdrawal_is_whole": "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)"
        " AND (withdrawn_at IS NULL) = (withdrawn_because = '')",
    },
    "file_arrival": {"file_arrival_size": "bytes BETWEEN 1 AND 52428800"},
    "file_line": {"file_line_size": "bytes BETWEEN 1 AND 52428800"},
    "meeting": {"meeting_void_is_whole": "(voided_at IS NULL) = (void_reason = '')"},
    "month_report": {
        "month_report_of_a_month": "extract(day FROM month_on) = 1",
        "month_report_sent_whole": "(sent_on IS NULL) = (sent_to = '')",
    },
    "coordination_request": {
        "coordination_is_whole": "(state = 'waiting') = (answered_at IS NULL)"
        " AND (answered_at IS NULL) = (answered_by_id IS NULL)"
        " AND (state = 'on_ledger') = (item_id IS NOT NULL) AND (state <> 'answered' OR answer <> '')",
    },
    "ledger_item": {"ledger_item_origin_is_whole": "(origin_kind = '') = (origin_id IS NULL)"},
}

# What an obligation asks is kept as it opened; of a proof only the withdrawal may be added, once.
KEPT = """
CREATE FUNCTION what_is_owed_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is kept as it was written', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER obligation_kept BEFORE UPDATE OR DELETE ON obligation
    FOR EACH ROW EXECUTE FUNCTION what_is_owed_is_kept();
CREATE TRIGGER cadence_rule_version_kept BEFORE UPDATE OR DELETE ON cadence_rule_version
    FOR EACH ROW EXECUTE FUNCTION what_is_owed_is_kept();
CREATE TRIGGER file_line_kept BEFORE UPDATE OR DELETE ON file_line
    FOR EACH ROW EXECUTE FUNCTION what_is_owed_is_kept();
CREATE FUNCTION proof_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    still text[] := ARRAY['withdrawn_at', 'withdrawn_by_id', 'withdrawn_because'];
BEGIN
    IF TG_OP = 'DELETE' OR OLD.withdrawn_at IS NOT NULL OR to_jsonb(OLD) - still IS DISTINCT FROM to_jsonb(NEW) - still
    THEN
        RAISE EXCEPTION 'a proof is kept as it was handed in' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER proof_kept BEFORE UPDATE OR DELETE ON proof FOR EACH ROW EXECUTE FUNCTION proof_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0043_members_and_observers_are_reminded")]

    initial = False

    operations = [
        CreateModels(
            ops.CreateModel(
                name="CadenceRule",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    ("code", fields.CharField(unique=True, max_length=40)),
                    (
                        "content",
                        fields.JSONField(
                            encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                        ),
                    ),
                    ("version", fields.IntField(default=1)),
                ],
                options={
                    "table": "cadence_rule",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "A cadence rule that the office has changed or added; one without a row is as the city pack has it.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="CadenceRuleVersion",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "rule",
                        fields.ForeignKeyField(
                            "models.CadenceRule",
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
                            related_name="cadence_rule_versions",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                ],
                options={
                    "table": "cadence_rule_version",
                    "app": "models",
                    "unique_together": (("rule_id", "version"),),
                    "pk_attr": "id",
                    "table_description": "What a cadence rule said at one time; rows are only added. The city pack's has no author and no time.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="FileArrival",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    ("sha256", fields.CharField(max_length=64)),
                    ("bytes", fields.IntField()),
                    (
                        "kind",
                        fields.CharEnumField(
                            description="PDF: pdf\nDOCX: docx\nXLSX: xlsx\nJPEG: jpeg\nPNG: png\nHEIC: heic",
                            enum_type=FileKind,
                            max_length=8,
                        ),
                    ),
                    ("key", fields.CharField(max_length=120)),
                    ("is_scanned", fields.BooleanField()),
                    (
                        "sent_by",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="sent_by_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="files_sent",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("received_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "file_arrival",
                    "app": "models",
                    "unique_together": (("sent_by_id", "sha256"),),
                    "indexes": [Index(fields=["sha256"]), Index(fields=["received_at"])],
                    "pk_attr": "id",
                    "table_description": "That a person sent a file: its bytes lie sealed under their hash, and nobody reads them but those who may.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="FileLine",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    ("subject_kind", fields.CharField(max_length=30)),
                    ("subject_id", fields.UUIDField()),
                    ("position", fields.IntField()),
                    ("sha256", fields.CharField(max_length=64)),
                    ("bytes", fields.IntField()),
                    ("name", fields.CharField(max_length=120)),
                    (
                        "announced_by",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="announced_by_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="files_announced",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("announced_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "file_line",
                    "app": "models",
                    "unique_together": (("subject_id", "position"), ("subject_id", "sha256")),
                    "indexes": [Index(fields=["announced_by_id", "sha256"])],
                    "pk_attr": "id",
                    "table_description": "A file that a record announces; it is here once its announcer has sent bytes with this hash.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Meeting",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "organisation",
                        fields.ForeignKeyField(
                            "models.Organisation",
                            source_field="organisation_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="meetings",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    (
                        "kind",
                        fields.CharEnumField(
                            description="JOINT_MEETING: joint_meeting\nTHEMATIC_MEETING: thematic_meeting\nON_SITE_WORKING_MEETING: on_site_working_meeting\nON_SITE_PROMOTION_MEETING: on_site_promotion_meeting\nCOMMISSION_MEETING: commission_meeting\nMONTH_REPORT: month_report\nRESEARCH_TOPIC: research_topic\nINTEGRATION_FIELD: integration_field\nEVALUATION: evaluation\nTOPIC_ANSWER: topic_answer\nDOCUMENT: document",
                            enum_type=ProofKind,
                            max_length=30,
                        ),
                    ),
                    ("title", fields.CharField(max_length=120)),
                    ("held_on", fields.DateField()),
                    ("place", fields.CharField(db_default="", max_length=120)),
                    (
                        "chair",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="chair_id",
                            null=True,
                            db_constraint=True,
                            to_field="id",
                            related_name="meetings_chaired",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("attendees", fields.TextField(db_default="", unique=False)),
                    ("agenda", fields.TextField(db_default="", unique=False)),
                    (
                        "recorded_by",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="recorded_by_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="meetings_recorded",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("recorded_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("voided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                    ("void_reason", fields.CharField(db_default="", max_length=200)),
                    ("version", fields.IntField(default=1)),
                ],
                options={
                    "table": "meeting",
                    "app": "models",
                    "indexes": [
                        Index(fields=["held_on", "id"]),
                        Index(fields=["organisation_id", "held_on"]),
                        Index(fields=["chair_id", "held_on"]),
                    ],
                    "pk_attr": "id",
                    "table_description": "A meeting that was held: when, where, under whom, who came, what was on the agenda.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="MeetingDecision",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "meeting",
                        fields.ForeignKeyField(
                            "models.Meeting",
                            source_field="meeting_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="decisions",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("position", fields.IntField()),
                    ("text", fields.CharField(max_length=200)),
                    (
                        "item",
                        fields.OneToOneField(
                            "models.LedgerItem",
                            source_field="item_id",
                            null=True,
                            db_constraint=True,
                            to_field="id",
                            related_name="decision",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    (
                        "recorded_by",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="recorded_by_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="decisions_recorded",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("recorded_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "meeting_decision",
                    "app": "models",
                    "unique_together": (("meeting_id", "position"),),
                    "pk_attr": "id",
                    "table_description": "One decision of a meeting, and the ledger item that it opened, if any.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="MonthReport",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "organisation",
                        fields.ForeignKeyField(
                            "models.Organisation",
                            source_field="organisation_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="month_reports",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("month_on", fields.DateField()),
                    ("title", fields.CharField(max_length=120)),
                    (
                        "handed_in_by",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="handed_in_by_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="month_reports",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("handed_in_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("sent_to", fields.CharField(db_default="", max_length=60)),
                    ("sent_on", fields.DateField(null=True)),
                    ("sent_number", fields.CharField(db_default="", max_length=40)),
                    ("version", fields.IntField(default=1)),
                ],
                options={
                    "table": "month_report",
                    "app": "models",
                    "indexes": [
                        Index(fields=["month_on", "id"]),
                        Index(fields=["organisation_id", "month_on"]),
                    ],
                    "pk_attr": "id",
                    "table_description": "What an organisation reports about one month, and when it went to the region's counterpart.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="CoordinationRequest",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "report",
                        fields.ForeignKeyField(
                            "models.MonthReport",
                            source_field="report_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="requests",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("text", fields.CharField(max_length=200)),
                    (
                        "state",
                        fields.CharEnumField(
                            default=RequestToCity.WAITING,
                            description="WAITING: waiting\nON_LEDGER: on_ledger\nANSWERED: answered",
                            enum_type=RequestToCity,
                            max_length=12,
                        ),
                    ),
                    (
                        "item",
                        fields.OneToOneField(
                            "models.LedgerItem",
                            source_field="item_id",
                            null=True,
                            db_constraint=True,
                            to_field="id",
                            related_name="coordination_request",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("answer", fields.CharField(db_default="", max_length=500)),
                    (
                        "answered_by",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="answered_by_id",
                            null=True,
                            db_constraint=True,
                            to_field="id",
                            related_name="coordination_answers",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("answered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                    ("version", fields.IntField(default=1)),
                ],
                options={
                    "table": "coordination_request",
                    "app": "models",
                    "indexes": [Index(fields=["state", "id"])],
                    "pk_attr": "id",
                    "table_description": "A matter of a month report that the city must coordinate, and what became of it.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Obligation",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    ("rule_code", fields.CharField(max_length=80)),
                    ("rule_version", fields.IntField()),
                    (
                        "organisation",
                        fields.ForeignKeyField(
                            "models.Organisation",
                            source_field="organisation_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="obligations",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("about_id", fields.UUIDField(null=True)),
                    ("name", fields.CharField(max_length=60)),
                    (
                        "period",
                        fields.CharEnumField(
                            null=True,
                            description="MONTH: month\nQUARTER: quarter\nYEAR: year",
                            enum_type=CadencePeriod,
                            max_length=8,
                        ),
                    ),
                    ("starts_on", fields.DateField()),
                    ("due_on", fields.DateField()),
                    ("soon_on", fields.DateField()),
                    ("least", fields.IntField()),
                    ("most", fields.IntField(null=True)),
                    (
                        "proofs",
                        fields.JSONField(
                            encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                        ),
                    ),
                    ("measure", fields.IntField(null=True)),
                    ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "obligation",
                    "app": "models",
                    "unique_together": (("rule_code", "organisation_id", "starts_on"),),
                    "indexes": [Index(fields=["due_on"]), Index(fields=["organisation_id", "due_on"])],
                    "pk_attr": "id",
                    "table_description": "What one organisation owes in one period, as its rule said when it opened; its state is derived from proofs.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Proof",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "organisation",
                        fields.ForeignKeyField(
                            "models.Organisation",
                            source_field="organisation_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="proofs",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    (
                        "kind",
                        fields.CharEnumField(
                            description="JOINT_MEETING: joint_meeting\nTHEMATIC_MEETING: thematic_meeting\nON_SITE_WORKING_MEETING: on_site_working_meeting\nON_SITE_PROMOTION_MEETING: on_site_promotion_meeting\nCOMMISSION_MEETING: commission_meeting\nMONTH_REPORT: month_report\nRESEARCH_TOPIC: research_topic\nINTEGRATION_FIELD: integration_field\nEVALUATION: evaluation\nTOPIC_ANSWER: topic_answer\nDOCUMENT: document",
                            enum_type=ProofKind,
                            max_length=30,
                        ),
                    ),
                    ("about_id", fields.UUIDField(null=True)),
                    ("counts_on", fields.DateField()),
                    ("handed_in_on", fields.DateField()),
                    ("handed_in_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "by",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="by_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="proofs",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("title", fields.CharField(max_length=120)),
                    ("subject_kind", fields.CharField(max_length=30)),
                    ("subject_id", fields.UUIDField()),
                    ("withdrawn_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                    (
                        "withdrawn_by",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="withdrawn_by_id",
                            null=True,
                            db_constraint=True,
                            to_field="id",
                            related_name="proofs_withdrawn",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("withdrawn_because", fields.CharField(db_default="", max_length=200)),
                ],
                options={
                    "table": "proof",
                    "app": "models",
                    "unique_together": (("subject_kind", "subject_id", "kind"),),
                    "indexes": [Index(fields=["organisation_id", "counts_on"])],
                    "pk_attr": "id",
                    "table_description": "That an organisation did something on a day; it counts for every obligation of that day that accepts its kind.",
                },
                bases=["Model"],
            ),
        ),
        ops.AddField(
            model_name="LedgerItem",
            name="origin_id",
            field=fields.UUIDField(null=True),
        ),
        ops.AddField(
            model_name="LedgerItem",
            name="origin_kind",
            field=fields.CharField(db_default="", max_length=30),
        ),
        ops.RunSQL([*adding(CHECKS), KEPT], reverse_sql=""),
    ]
