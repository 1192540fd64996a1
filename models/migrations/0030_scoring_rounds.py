"""Adds scoring rounds and what the database enforces: no write after the lock, and the seal (decision 0024)."""

import functools
from json import dumps, loads
from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.all_at_once import CreateModels, adding
from models.vocabulary import BallotState, RecusalKind, RoundAskKind, RoundState, SignalKind, WhyNotCounted

SHA256 = "^[0-9a-f]{64}$"
CHECKS = {
    "score_round": {
        "score_round_sealed_has_fingerprint": "state NOT IN ('sealed', 'published') OR fingerprint <> ''",
        "score_round_published_has_time": "state <> 'published' OR published_at IS NOT NULL",
        "score_round_locked_has_time": "state NOT IN ('locked', 'sealed', 'published') OR locked_at IS NOT NULL",
    },
    "score_entry": {"score_entry_window": "closes_at > opens_at"},
    "ballot": {
        "ballot_submitted_has_digest": "(state = 'submitted') = (digest IS NOT NULL) AND (digest IS NULL) = (salt IS NULL)",
        "ballot_tag": f"tag ~ '{SHA256}' AND digest ~ '{SHA256}'",
        "ballot_version": "version > 0",
    },
    "sealed_ballot": {"sealed_ballot_digest": f"digest ~ '{SHA256}'"},
    "not_counted": {"not_counted_digest": f"digest ~ '{SHA256}'"},
    "participation": {"participation_counts": "counted >= 0 AND not_counted >= 0"},
    "score_signal": {"score_signal_decision_is_whole": "(decided_by_id IS NULL) = (decided_at IS NULL)"},
    "round_ask": {
        "round_ask_needs_two": "confirmed_by_id IS NULL OR confirmed_by_id <> asked_by_id",
        "round_ask_is_whole": "(confirmed_by_id IS NULL) = (confirmed_at IS NULL) AND note <> ''",
    },
}

# The changes a round allows in each state; they bind the database's owner too.
GUARDS = """
CREATE FUNCTION round_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a round is kept' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.state <> 'open' AND (NEW.rules, NEW.rule_digest, NEW.name) IS DISTINCT FROM (OLD.rules, OLD.rule_digest, OLD.name)
        OR OLD.state NOT IN ('open', 'locked') AND NEW.fingerprint <> OLD.fingerprint THEN
        RAISE EXCEPTION 'what is locked is kept' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NEW.state = OLD.state OR (OLD.state, NEW.state) IN (('open', 'locked'), ('sealed', 'published'))
        OR (OLD.state, NEW.state) = ('locked', 'sealed') AND NOT EXISTS (SELECT FROM ballot WHERE round_id = NEW.id)
        OR (OLD.state, NEW.state) = ('locked', 'open') AND EXISTS (SELECT FROM round_ask
            WHERE round_id = NEW.id AND kind = 'unlock' AND confirmed_at IS NOT NULL AND asked_at >= OLD.locked_at)
        OR NEW.state = 'annulled' AND EXISTS (SELECT FROM round_ask
            WHERE round_id = NEW.id AND kind = 'annul' AND confirmed_at IS NOT NULL) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a round does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER round_step BEFORE UPDATE OR DELETE ON score_round FOR EACH ROW EXECUTE FUNCTION round_step();

CREATE FUNCTION round_takes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed jsonb;
    at text;
BEGIN
    FOREACH changed IN ARRAY ARRAY[CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END,
                                   CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END] LOOP
        CONTINUE WHEN changed IS NULL;
        SELECT state INTO at FROM score_round WHERE id = coalesce((changed ->> 'round_id')::uuid,
            (SELECT round_id FROM score_judge WHERE id = (changed ->> 'judge_id')::uuid));
        IF at IS NULL OR NOT at = ANY (TG_ARGV) THEN
            RAISE EXCEPTION 'a round that is % takes no change of %', at, TG_TABLE_NAME
                USING ERRCODE = 'insufficient_privilege';
        END IF;
    END LOOP;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION scoring_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was scored is kept' USING ERRCODE = 'insufficient_privilege';
END $$;
"""
WHILE = {  # table: the changes, and the states of its round that allow them
    "ballot": ("INSERT OR UPDATE OR DELETE", "open"),
    "ballot_trace": ("INSERT OR UPDATE OR DELETE", "open"),
    "score_entry": ("INSERT OR UPDATE OR DELETE", "open"),
    "score_judge": ("INSERT OR UPDATE OR DELETE", "open"),
    "recusal": ("INSERT OR UPDATE OR DELETE", "open"),
    "score_exclusion": ("INSERT OR UPDATE OR DELETE", "open, locked"),
    "score_signal": ("INSERT OR UPDATE OR DELETE", "open, locked"),
    "sealed_ballot": ("INSERT", "locked"),
    "not_counted": ("INSERT", "locked"),
    "participation": ("INSERT", "locked"),
    "named_ballot": ("INSERT", "locked"),
    "score_result": ("INSERT", "locked"),
    "assessment_feed": ("INSERT", "published"),
}
KEPT = (
    "sealed_ballot",
    "not_counted",
    "sealed_comment",
    "participation",
    "score_result",
    "assessment_feed",
    "named_ballot",
)
TRIGGERS = [
    *(
        f"CREATE TRIGGER {table}_while BEFORE {changes} ON {table} FOR EACH ROW"
        f" EXECUTE FUNCTION round_takes({', '.join(repr(state) for state in states.split(', '))})"
        for table, (changes, states) in WHILE.items()
    ),
    *(
        f"CREATE TRIGGER {table}_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION scoring_is_kept()"
        for table in KEPT
    ),
]

# Sealing copies what counts in the order of its digests and drops the ballots' file, so that no dead row,
# transaction number or place on a page leads back. Only this function writes what is sealed.
SEAL = """
CREATE FUNCTION seal_round(wanted uuid, counted text[], cells text[], uncounted text[], reasons text[]) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    submitted int;
    sealed int;
    others int;
BEGIN
    IF (SELECT state FROM score_round WHERE id = wanted FOR UPDATE) IS DISTINCT FROM 'locked' THEN
        RAISE EXCEPTION 'round is not locked' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    LOCK TABLE ballot, ballot_trace IN ACCESS EXCLUSIVE MODE;
    SELECT count(*) INTO submitted FROM ballot WHERE round_id = wanted AND state = 'submitted';
    INSERT INTO sealed_ballot (digest, round_id, entry_id, cell, scores, salt)
        SELECT b.digest, b.round_id, b.entry_id, c.cell, b.scores, b.salt
        FROM ballot b JOIN unnest(counted, cells) AS c (digest, cell) ON c.digest = b.digest
        WHERE b.round_id = wanted AND b.state = 'submitted' ORDER BY b.digest;
    GET DIAGNOSTICS sealed = ROW_COUNT;
    INSERT INTO not_counted (digest, round_id, why)
        SELECT b.digest, b.round_id, c.why
        FROM ballot b JOIN unnest(uncounted, reasons) AS c (digest, why) ON c.digest = b.digest
        WHERE b.round_id = wanted AND b.state = 'submitted' ORDER BY b.digest;
    GET DIAGNOSTICS others = ROW_COUNT;
    IF sealed + others <> submitted THEN
        RAISE EXCEPTION 'every submitted ballot counts or has a reason' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO sealed_comment (id, entry_id, text)
        SELECT gen_random_uuid(), entry_id, comment FROM (
            SELECT b.entry_id, b.comment, count(*) OVER (PARTITION BY b.entry_id) AS of_entry
            FROM ballot b WHERE b.round_id = wanted AND b.digest = ANY (counted)) AS said
        WHERE comment <> '' AND of_entry >= 3 ORDER BY random();
    CREATE TEMP TABLE kept_ballot ON COMMIT DROP AS SELECT * FROM ballot WHERE round_id <> wanted;
    CREATE TEMP TABLE kept_trace ON COMMIT DROP AS SELECT * FROM ballot_trace WHERE round_id <> wanted;
    ALTER TABLE ballot DISABLE TRIGGER ballot_while;
    ALTER TABLE ballot_trace DISABLE TRIGGER ballot_trace_while;
    TRUNCATE ballot, ballot_trace;
    INSERT INTO ballot SELECT * FROM kept_ballot ORDER BY tag;
    INSERT INTO ballot_trace SELECT * FROM kept_trace ORDER BY tag;
    ALTER TABLE ballot ENABLE TRIGGER ballot_while;
    ALTER TABLE ballot_trace ENABLE TRIGGER ballot_trace_while;
    UPDATE score_round SET state = 'sealed' WHERE id = wanted;
    RETURN sealed;
END $$;
REVOKE ALL ON FUNCTION seal_round(uuid, text[], text[], text[], text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION seal_round(uuid, text[], text[], text[], text[]) TO duchatong_app;
"""
GRANTS = """
REVOKE UPDATE, DELETE ON ballot FROM duchatong_app;
GRANT UPDATE (scores, comment, state, version, salt, digest) ON ballot TO duchatong_app;
REVOKE DELETE ON ballot_trace FROM duchatong_app;
REVOKE INSERT, UPDATE, DELETE ON sealed_ballot, not_counted, sealed_comment FROM duchatong_app;
REVOKE UPDATE, DELETE ON participation, score_result, assessment_feed, named_ballot FROM duchatong_app;
REVOKE DELETE ON score_round, score_entry, round_ask, score_signal FROM duchatong_app;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0029_key_holders_hand_on_and_drill")]

    operations = [
        CreateModels(
            ops.CreateModel(
                name="Ballot",
                fields=[
                    ("tag", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                    ("round_id", fields.UUIDField()),
                    ("entry_id", fields.UUIDField()),
                    ("group", fields.CharField(source_field="group_id", max_length=16)),
                    (
                        "scores",
                        fields.JSONField(
                            encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                        ),
                    ),
                    ("comment", fields.CharField(max_length=200)),
                    (
                        "state",
                        fields.CharEnumField(
                            description="DRAFT: draft\nSUBMITTED: submitted",
                            enum_type=BallotState,
                            max_length=10,
                        ),
                    ),
                    ("version", fields.IntField()),
                    ("salt", fields.CharField(null=True, max_length=32)),
                    ("digest", fields.CharField(null=True, unique=True, max_length=64)),
                ],
                options={
                    "table": "ballot",
                    "app": "models",
                    "indexes": [Index(fields=["round_id", "entry_id"])],
                    "pk_attr": "tag",
                    "table_description": "A judge's scores of an entry before the seal, under a tag that only the round's key joins with the judge.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="BallotTrace",
                fields=[
                    ("tag", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                    ("round_id", fields.UUIDField()),
                    ("device_mark", fields.CharField(max_length=64)),
                    ("claimed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("is_late", fields.BooleanField()),
                ],
                options={
                    "table": "ballot_trace",
                    "app": "models",
                    "indexes": [Index(fields=["round_id"])],
                    "pk_attr": "tag",
                    "table_description": "How a ballot came, for the review before the seal; forgotten by the seal.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="NotCounted",
                fields=[
                    ("digest", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                    ("round_id", fields.UUIDField()),
                    (
                        "why",
                        fields.CharEnumField(
                            description="RECUSED: recused\nCOVERAGE: coverage\nEXCLUDED: excluded",
                            enum_type=WhyNotCounted,
                            max_length=10,
                        ),
                    ),
                ],
                options={
                    "table": "not_counted",
                    "app": "models",
                    "indexes": [Index(fields=["round_id"])],
                    "pk_attr": "digest",
                    "table_description": "The digest of a ballot that does not count, and the kind of reason.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="ScoreRound",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "organisation",
                        fields.ForeignKeyField(
                            "models.Organisation",
                            source_field="organisation_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="score_rounds",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("name", fields.CharField(max_length=80)),
                    (
                        "state",
                        fields.CharEnumField(
                            description="OPEN: open\nLOCKED: locked\nSEALED: sealed\nPUBLISHED: published\nANNULLED: annulled",
                            enum_type=RoundState,
                            max_length=12,
                        ),
                    ),
                    (
                        "rules",
                        fields.JSONField(
                            encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                        ),
                    ),
                    ("rule_digest", fields.CharField(max_length=64)),
                    ("rules_version", fields.IntField(default=1)),
                    ("locks_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("locked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                    ("sealed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                    ("fingerprint", fields.CharField(default="", max_length=19)),
                    ("published_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "score_round",
                    "app": "models",
                    "indexes": [Index(fields=["organisation_id"]), Index(fields=["state", "locks_at"])],
                    "pk_attr": "id",
                    "table_description": "A round of scoring under published rules; its id is that of what is scored in it, such as a visit.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="AssessmentFeed",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "round",
                        fields.OneToOneField(
                            "models.ScoreRound",
                            source_field="round_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="assessment_feed",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("year", fields.IntField()),
                    ("fed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "assessment_feed",
                    "app": "models",
                    "pk_attr": "id",
                    "table_description": "That a published result goes into the year-end assessment: once.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Participation",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "round",
                        fields.ForeignKeyField(
                            "models.ScoreRound",
                            source_field="round_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="participations",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    (
                        "person",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="person_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="participations",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("counted", fields.IntField()),
                    ("not_counted", fields.IntField()),
                ],
                options={
                    "table": "participation",
                    "app": "models",
                    "unique_together": (("round_id", "person_id"),),
                    "pk_attr": "id",
                    "table_description": "How many of a judge's ballots counted: all that is said of him after the seal.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="RoundAsk",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "round",
                        fields.ForeignKeyField(
                            "models.ScoreRound",
                            source_field="round_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="asks",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    (
                        "kind",
                        fields.CharEnumField(
                            description="UNLOCK: unlock\nANNUL: annul", enum_type=RoundAskKind, max_length=10
                        ),
                    ),
                    ("note", fields.CharField(max_length=300)),
                    (
                        "asked_by",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="asked_by_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="round_asks",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    (
                        "confirmed_by",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="confirmed_by_id",
                            null=True,
                            db_constraint=True,
                            to_field="id",
                            related_name="round_asks_confirmed",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("confirmed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "round_ask",
                    "app": "models",
                    "indexes": [Index(fields=["round_id"])],
                    "pk_attr": "id",
                    "table_description": "What one person asks with a public note and another confirms: opening a lock, or annulling a round.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="ScoreEntry",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "round",
                        fields.ForeignKeyField(
                            "models.ScoreRound",
                            source_field="round_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="entries",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("position", fields.IntField()),
                    ("name", fields.CharField(max_length=80)),
                    (
                        "unit",
                        fields.ForeignKeyField(
                            "models.Organisation",
                            source_field="unit_id",
                            null=True,
                            db_constraint=True,
                            to_field="id",
                            related_name="score_entries",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("is_mandatory", fields.BooleanField()),
                    ("opens_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                    ("closes_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "score_entry",
                    "app": "models",
                    "unique_together": (("round_id", "position"),),
                    "pk_attr": "id",
                    "table_description": "What is scored, and in which window; `unit` is whose work it is.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="ScoreJudge",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "round",
                        fields.ForeignKeyField(
                            "models.ScoreRound",
                            source_field="round_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="judges",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    (
                        "person",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="person_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="score_judges",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("group", fields.CharField(source_field="group_id", max_length=16)),
                    ("exempt_because", fields.CharField(default="", max_length=200)),
                ],
                options={
                    "table": "score_judge",
                    "app": "models",
                    "unique_together": (("round_id", "person_id"),),
                    "pk_attr": "id",
                    "table_description": "That somebody judges in a round, in one of its groups; what he gave is nowhere joined with it.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="Recusal",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "judge",
                        fields.ForeignKeyField(
                            "models.ScoreJudge",
                            source_field="judge_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="recusals",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    (
                        "entry",
                        fields.ForeignKeyField(
                            "models.ScoreEntry",
                            source_field="entry_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="recusals",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    (
                        "kind",
                        fields.CharEnumField(
                            description="OWN_UNIT: own_unit\nOWN_TASK: own_task\nCOMMISSIONER: commissioner\nDECLARED: declared",
                            enum_type=RecusalKind,
                            max_length=16,
                        ),
                    ),
                    ("reason", fields.CharField(default="", max_length=200)),
                ],
                options={
                    "table": "recusal",
                    "app": "models",
                    "unique_together": (("judge_id", "entry_id"),),
                    "pk_attr": "id",
                    "table_description": "That a judge does not score an entry.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="ScoreExclusion",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "judge",
                        fields.ForeignKeyField(
                            "models.ScoreJudge",
                            source_field="judge_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="exclusions",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    (
                        "entry",
                        fields.ForeignKeyField(
                            "models.ScoreEntry",
                            source_field="entry_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="exclusions",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("reason", fields.CharField(max_length=200)),
                    (
                        "decided_by",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="decided_by_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="score_exclusions",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("decided_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ],
                options={
                    "table": "score_exclusion",
                    "app": "models",
                    "unique_together": (("judge_id", "entry_id"),),
                    "pk_attr": "id",
                    "table_description": "A person's decision that a judge's ballot at an entry does not count.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="ScoreResult",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "round",
                        fields.ForeignKeyField(
                            "models.ScoreRound",
                            source_field="round_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="results",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("version", fields.IntField()),
                    (
                        "rows",
                        fields.JSONField(
                            encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                        ),
                    ),
                    (
                        "without_flagged",
                        fields.JSONField(
                            encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                        ),
                    ),
                    (
                        "harshness",
                        fields.JSONField(
                            encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                        ),
                    ),
                ],
                options={
                    "table": "score_result",
                    "app": "models",
                    "unique_together": (("round_id", "version"),),
                    "pk_attr": "id",
                    "table_description": "What was computed at the seal; recomputed from the sealed ballots it is the same to the last digit.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="ScoreSignal",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    (
                        "judge",
                        fields.ForeignKeyField(
                            "models.ScoreJudge",
                            source_field="judge_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="signals",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    (
                        "kind",
                        fields.CharEnumField(
                            description="STRAIGHT_LINE: straight_line\nIDENTICAL: identical\nSAME_DEVICE: same_device\nTOO_FAST: too_fast\nOUTSIDE_WINDOW: outside_window\nSHORT_DWELL: short_dwell\nLATE_ARRIVAL: late_arrival",
                            enum_type=SignalKind,
                            max_length=16,
                        ),
                    ),
                    ("count", fields.IntField()),
                    (
                        "decided_by",
                        fields.ForeignKeyField(
                            "models.Person",
                            source_field="decided_by_id",
                            null=True,
                            db_constraint=True,
                            to_field="id",
                            related_name="score_signals_decided",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                    ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                    ("words", fields.CharField(default="", max_length=200)),
                ],
                options={
                    "table": "score_signal",
                    "app": "models",
                    "unique_together": (("judge_id", "kind"),),
                    "pk_attr": "id",
                    "table_description": "That somebody should look at a judge's ballots: kind and number, never a score; and what was decided.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="SealedBallot",
                fields=[
                    ("digest", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                    ("round_id", fields.UUIDField()),
                    ("entry_id", fields.UUIDField()),
                    ("cell", fields.CharField(max_length=140)),
                    (
                        "scores",
                        fields.JSONField(
                            encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                        ),
                    ),
                    ("salt", fields.CharField(max_length=32)),
                ],
                options={
                    "table": "sealed_ballot",
                    "app": "models",
                    "indexes": [Index(fields=["round_id"])],
                    "pk_attr": "digest",
                    "table_description": "A ballot that counts: no judge, no tag, no time; rows lie in the order of their digests.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="SealedComment",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    ("entry_id", fields.UUIDField()),
                    ("text", fields.CharField(max_length=200)),
                ],
                options={
                    "table": "sealed_comment",
                    "app": "models",
                    "indexes": [Index(fields=["entry_id"])],
                    "pk_attr": "id",
                    "table_description": "A comment on an entry, apart from its ballot and in random order.",
                },
                bases=["Model"],
            ),
            ops.CreateModel(
                name="NamedBallot",
                fields=[
                    ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                    ("round_id", fields.UUIDField()),
                    ("digest", fields.CharField(unique=True, max_length=64)),
                    (
                        "judge",
                        fields.ForeignKeyField(
                            "models.ScoreJudge",
                            source_field="judge_id",
                            db_constraint=True,
                            to_field="id",
                            related_name="named_ballots",
                            on_delete=OnDelete.RESTRICT,
                        ),
                    ),
                ],
                options={
                    "table": "named_ballot",
                    "app": "models",
                    "indexes": [Index(fields=["round_id"])],
                    "pk_attr": "id",
                    "table_description": "Whose a sealed ballot is, in a round whose rules said before that scores bear names (实名).",
                },
                bases=["Model"],
            ),
        ),
        ops.RunSQL([*adding(CHECKS), GUARDS, *TRIGGERS, SEAL, GRANTS], reverse_sql=""),
    ]
