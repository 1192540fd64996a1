"""Gives letters a life: drafted, submitted, signed, acknowledged, replied to.

Letters issued before are delivered ones; round and unit are read from their occasions. From its sign-off, a letter's
words are kept by trigger, and so is a reply.
"""

from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.all_at_once import adding
from models.vocabulary import LetterState, TemplatePurpose

# The ledger's trigger knows the columns by their old names; after the migration, scripts/migrate covers the table anew.
UNGUARDED = "DROP TRIGGER letter_no_change ON letter; DROP TRIGGER IF EXISTS zz_ledger_u ON letter"
KEPT_AS_SENT = """
UPDATE letter SET state = 'delivered', drafted_at = issued_at, drafted_by_id = issued_by_id,
    round = split_part(occasion, ':', 1)::int, unit_id = split_part(occasion, ':', 2)::uuid
"""
ONE_PER_OCCASION = (
    "CREATE UNIQUE INDEX letter_one_per_occasion ON letter (item_id, kind, occasion) WHERE state <> 'voided'"
)
SIGNED = ("number_text", "year", "issued_on", "issued_at", "issued_by_id")
CHECKS = {
    "letter": {
        "letter_is_signed_whole": " AND ".join(f"(number IS NULL) = ({one} IS NULL)" for one in SIGNED),
        "letter_has_number_from_sign_off": "(state IN ('draft', 'submitted') AND number IS NULL)"
        " OR state = 'voided' OR number IS NOT NULL",
        "letter_receipt_is_whole": "(received_at IS NULL) = (received_by_id IS NULL)"
        " AND (state NOT IN ('acknowledged', 'replied', 'accepted') OR received_at IS NOT NULL)",
        "letter_void_is_whole": "(state = 'voided') = (voided_at IS NOT NULL)"
        " AND (state = 'voided') = (voided_by_id IS NOT NULL) AND (state = 'voided') = (void_reason <> '')",
        "letter_is_drafted_by_somebody": "drafted_at IS NOT NULL AND drafted_by_id IS NOT NULL",
    },
    "letter_reply": {
        "letter_reply_decision_is_whole": "(is_accepted IS NULL) = (decided_at IS NULL)"
        " AND (is_accepted IS NULL) = (decided_by_id IS NULL)",
        "letter_reply_says_something": "text <> ''",
    },
}

# What may still change in a signed letter, and in a reply that is not decided yet.
GUARDS = """
CREATE FUNCTION letter_is_kept_as_signed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    still text[] := ARRAY['state', 'version', 'reply_due_on', 'received_at', 'received_by_id',
        'voided_at', 'voided_by_id', 'void_reason'];
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state = 'voided'
        OR (OLD.number IS NOT NULL AND to_jsonb(OLD) - still IS DISTINCT FROM to_jsonb(NEW) - still)
        OR (OLD.received_at IS NOT NULL AND (OLD.received_at, OLD.received_by_id)
            IS DISTINCT FROM (NEW.received_at, NEW.received_by_id))
    THEN
        RAISE EXCEPTION 'a signed letter is kept as it was signed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER letter_kept BEFORE UPDATE OR DELETE ON letter
    FOR EACH ROW EXECUTE FUNCTION letter_is_kept_as_signed();
CREATE FUNCTION letter_reply_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    still text[] := ARRAY['is_accepted', 'words', 'decided_at', 'decided_by_id'];
BEGIN
    IF TG_OP = 'DELETE' OR OLD.decided_at IS NOT NULL
        OR to_jsonb(OLD) - still IS DISTINCT FROM to_jsonb(NEW) - still
    THEN
        RAISE EXCEPTION 'a reply to a letter is kept' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER letter_reply_kept BEFORE UPDATE OR DELETE ON letter_reply
    FOR EACH ROW EXECUTE FUNCTION letter_reply_is_kept();
"""
GRANTS = "REVOKE DELETE ON letter, letter_reply FROM duchatong_app"


class Migration(migrations.Migration):
    dependencies = [("models", "0037_what_lists_are_read_by")]

    initial = False

    operations = [
        ops.RunSQL(UNGUARDED, reverse_sql=""),
        ops.RemoveConstraint(
            model_name="Letter",
            name=None,
            fields=["item_id", "purpose", "occasion"],
        ),
        ops.AlterModelOptions(
            name="Letter",
            options={
                "table": "letter",
                "app": "models",
                "unique_together": (("issuer_id", "series", "year", "number"),),
                "indexes": [
                    Index(fields=["state", "issued_at"]),
                    Index(fields=["unit_id", "state"]),
                    Index(fields=["item_id", "kind"]),
                ],
                "pk_attr": "id",
                "table_description": "A letter about an item. From its sign-off it has a number, and its words never change.",
            },
        ),
        ops.RenameField(model_name="Letter", old_name="purpose", new_name="kind"),
        ops.AlterField(model_name="Letter", name="kind", field=fields.CharField(max_length=24)),
        ops.AlterField(
            model_name="Letter",
            name="issued_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AlterField(
            model_name="Letter",
            name="issued_by",
            field=fields.ForeignKeyField(
                "models.Person",
                source_field="issued_by_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="letters_issued",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AlterField(
            model_name="Letter",
            name="issued_on",
            field=fields.DateField(null=True),
        ),
        ops.AlterField(
            model_name="Letter",
            name="number",
            field=fields.IntField(null=True),
        ),
        ops.AlterField(
            model_name="Letter",
            name="number_text",
            field=fields.CharField(null=True, unique=True, max_length=40),
        ),
        ops.AlterField(
            model_name="Letter",
            name="year",
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name="Letter",
            name="annexes",
            field=fields.TextField(db_default="", unique=False),
        ),
        ops.AddField(
            model_name="Letter",
            name="copy_to",
            field=fields.CharField(db_default="", max_length=200),
        ),
        ops.AddField(
            model_name="Letter",
            name="drafted_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Letter",
            name="drafted_by",
            field=fields.ForeignKeyField(
                "models.Person",
                source_field="drafted_by_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="letters_drafted",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="Letter",
            name="item_version",
            field=fields.IntField(db_default=0),
        ),
        ops.AddField(
            model_name="Letter",
            name="official",
            field=fields.ForeignKeyField(
                "models.Person",
                source_field="official_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="letters_received",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="Letter",
            name="reason",
            field=fields.CharField(db_default="", max_length=200),
        ),
        ops.AddField(
            model_name="Letter",
            name="received_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Letter",
            name="received_by",
            field=fields.ForeignKeyField(
                "models.Person",
                source_field="received_by_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="letters_acknowledged",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="Letter",
            name="reply_days",
            field=fields.IntField(db_default=0),
        ),
        ops.AddField(
            model_name="Letter",
            name="reply_due_on",
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name="Letter",
            name="round",
            field=fields.IntField(db_default=1),
        ),
        ops.AddField(
            model_name="Letter",
            name="state",
            field=fields.CharEnumField(
                description="DRAFT: draft\nSUBMITTED: submitted\nDELIVERED: delivered\nACKNOWLEDGED: acknowledged\nREPLIED: replied\nACCEPTED: accepted\nVOIDED: voided",
                db_default=LetterState.DRAFT,
                enum_type=LetterState,
                max_length=12,
            ),
        ),
        ops.AddField(
            model_name="Letter",
            name="submitted_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Letter",
            name="unit",
            field=fields.ForeignKeyField(
                "models.Organisation",
                source_field="unit_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="letters_received",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="Letter",
            name="version",
            field=fields.IntField(db_default=1),
        ),
        ops.AddField(
            model_name="Letter",
            name="void_reason",
            field=fields.CharField(db_default="", max_length=200),
        ),
        ops.AddField(
            model_name="Letter",
            name="voided_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Letter",
            name="voided_by",
            field=fields.ForeignKeyField(
                "models.Person",
                source_field="voided_by_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="letters_voided",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.CreateModel(
            name="LetterReply",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "letter",
                    fields.ForeignKeyField(
                        "models.Letter",
                        source_field="letter_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="replies",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("text", fields.TextField(unique=False)),
                ("replied_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="by_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="letter_replies",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("is_late", fields.BooleanField()),
                ("is_accepted", fields.BooleanField(null=True)),
                ("words", fields.CharField(db_default="", max_length=1000)),
                ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "decided_by",
                    fields.ForeignKeyField(
                        "models.Person",
                        source_field="decided_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="letter_replies_decided",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
            ],
            options={
                "table": "letter_reply",
                "app": "models",
                "indexes": [Index(fields=["letter_id", "replied_at"])],
                "pk_attr": "id",
                "table_description": "What a unit replied to a letter, and whether the office accepted it; both are kept.",
            },
            bases=["Model"],
        ),
        ops.AddIndex(
            model_name="Letter",
            index=Index(fields=["state", "issued_at"]),
        ),
        ops.AddIndex(
            model_name="Letter",
            index=Index(fields=["unit_id", "state"]),
        ),
        ops.AddIndex(
            model_name="Letter",
            index=Index(fields=["item_id", "kind"]),
        ),
        ops.AlterField(
            model_name="Template",
            name="purpose",
            field=fields.CharEnumField(
                unique=True,
                description="RECEIVED: received\nACCEPTED: accepted\nMORE_ASKED: more_asked\nDECLINED: declined\nSENT_ON: sent_on\nRESULT: result\nREOPENED: reopened\nDISPATCH: dispatch\nTRANSFER: transfer\nURGING: urging\nEXTENSION_GRANTED: extension_granted\nEXTENSION_REFUSED: extension_refused\nPOSTPONED: postponed\nRECOMPUTED: recomputed\nRETAINED: retained\nRETENTION_REFUSED: retention_refused\nCLOSE_OUT_REFUSED: close_out_refused\nCLOSE_OUT_GRANTED: close_out_granted\nDISPATCH_LETTER: dispatch_letter\nURGING_LETTER: urging_letter\nREMINDER_LETTER: reminder_letter\nSUPERVISION_LETTER: supervision_letter",
                enum_type=TemplatePurpose,
                max_length=24,
            ),
        ),
        ops.RunSQL([KEPT_AS_SENT, ONE_PER_OCCASION, *adding(CHECKS), GUARDS, GRANTS], reverse_sql=""),
    ]
