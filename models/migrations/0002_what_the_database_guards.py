"""Adds what the database itself enforces: checks, the append-only hash-chained journal, and the server's own role.

Tortoise's `Meta.constraints` never reach the database, so checks are written only here, as SQL;
tests/models/test_migrations.py compares them with pg_constraint.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

from models.all_at_once import adding

SHA256 = "^[0-9a-f]{64}$"

CHECKS = {
    "observation": {
        "observation_place_is_whole": "(latitude IS NULL) = (longitude IS NULL) "
        "AND (latitude IS NULL) = (datum IS NULL) AND (latitude IS NULL) = (wgs_latitude IS NULL)",
        "observation_place_is_on_earth": "latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180",
        "observation_has_text": "length(text) BETWEEN 1 AND 2000",
        "observation_registered_has_item": "state <> 'registered' OR ledger_item_id IS NOT NULL",
    },
    "manifest_line": {
        "manifest_line_position": "position BETWEEN 1 AND 9",
        "manifest_line_size": "bytes BETWEEN 1 AND 10485760",
        "manifest_line_digest": f"sha256 ~ '{SHA256}'",
    },
    "photo": {
        "photo_digest": f"sha256 ~ '{SHA256}'",
        "photo_size": "bytes BETWEEN 1 AND 10485760",
    },
    "ledger_item": {
        "ledger_item_number": "number > 0 AND round > 0 AND version > 0",
        "ledger_item_percent": "percent BETWEEN 0 AND 100",
        "ledger_item_retained_has_review": "state <> 'retained' OR (next_review_on IS NOT NULL AND retention_note <> '')",
        "ledger_item_merged_points": "(state = 'merged') = (merged_into_id IS NOT NULL)",
        "ledger_item_not_its_own": "id <> coalesce(merged_into_id, parent_id, gen_random_uuid())",
        "ledger_item_dispatched_has_unit": "state IN ('registered', 'merged', 'voided') OR lead_unit_id IS NOT NULL",
    },
    "number_series": {
        "number_series_last": "last_number >= 0",
    },
    "reform_task": {
        "reform_task_measure": "measure BETWEEN 1 AND 20",
    },
    "duty": {
        "duty_scope_has_organisation": "scope NOT IN ('unit', 'subtree') OR organisation_id IS NOT NULL",
        "duty_term": "until_on IS NULL OR until_on >= since_on",
    },
    "progress_report": {
        "progress_report_percent": "percent BETWEEN 0 AND 100",
    },
    "close_out_request": {
        "close_out_decider_differs": "decided_by_id IS NULL OR decided_by_id <> asked_by_id",
    },
    "extension": {
        "extension_decider_differs": "decided_by_id IS NULL OR decided_by_id <> asked_by_id",
    },
    "unit_case": {
        "unit_case_leaves_in_a_batch": "(state IN ('prepared', 'withdrawn')) = (released_on IS NULL) "
        "AND (released_on IS NULL) = (position IS NULL)",
        "unit_case_has_words": "length(summary) BETWEEN 5 AND 2000",
        "unit_case_narrow_has_reason": "possible_reporters IS NULL OR possible_reporters >= 5 OR narrow_because <> ''",
    },
    "case_picture": {
        "case_picture_position": "position BETWEEN 1 AND 9",
    },
    "case_answer": {
        "case_answer_forwarded_in_words": "(forwarded_at IS NULL) = (forwarded_words = '') "
        "AND (forwarded_at IS NULL) = (forwarded_by_id IS NULL)",
    },
    "problem": {
        "problem_number": "number > 0 AND version > 0",
        "problem_triaged_is_whole": "state IN ('collected', 'merged') OR (kind IS NOT NULL AND cause IS NOT NULL "
        "AND difficulty IS NOT NULL AND solver IS NOT NULL)",
        "problem_escalated_needs_the_city": "state <> 'escalated' OR (solver = 'city' AND level = 'city')",
        "problem_on_ledger_has_item": "state <> 'on_ledger' OR item_id IS NOT NULL",
        "problem_merged_points": "(state = 'merged') = (merged_into_id IS NOT NULL)",
        "problem_not_its_own": "id <> coalesce(merged_into_id, gen_random_uuid())",
    },
    "agenda_entry": {
        "agenda_entry_decided_is_whole": "(state = 'decided') = (decided_on IS NOT NULL) "
        "AND (state = 'decided') = (item_id IS NOT NULL) AND (state = 'decided') = (decision <> '')",
    },
    "team_member": {
        "team_member_deputies_have_a_kind": "(source = 'deputy') = (deputy_kind IS NOT NULL)",
        "team_member_term": "left_on IS NULL OR left_on >= joined_on",
    },
    "training_record": {
        "training_record_hours": "hours BETWEEN 1 AND 500",
    },
    "certificate": {
        "certificate_term": "valid_until > valid_from",
        "certificate_revoked_for_a_reason": "(revoked_on IS NULL) = (revoked_because = '')",
    },
    "mission": {
        "mission_partner_is_another": "partner_id IS NULL OR partner_id <> organisation_id",
        "mission_finished_has_summary": "(state = 'finished') = (finished_at IS NOT NULL) "
        "AND (state = 'finished') = (summary <> '')",
    },
    "mission_stop": {
        "mission_stop_place_is_whole": "(wgs_latitude IS NULL) = (wgs_longitude IS NULL)",
        "mission_stop_fence": "fence_m BETWEEN 20 AND 5000",
    },
    "checklist_answer": {
        "checklist_answer_distance": "distance_m IS NULL OR distance_m >= 0",
    },
    "content_check": {
        "content_check_digest": "digest ~ '^[0-9a-f]{64}$'",
        "content_check_only_pending_waits": "state = 'pending' OR due_at IS NULL",
        "content_check_answered": "(state = 'pending') = (answered_at IS NULL)",
        "content_check_unjudged_has_reason": "(state = 'unknown') = (unjudged IS NOT NULL)",
        "content_check_only_photos_are_traced": "trace_id IS NULL OR kind = 'photo'",
        "content_check_decision_is_whole": "(decision IS NULL) = (decided_by_id IS NULL) "
        "AND (decision IS NULL) = (decided_at IS NULL)",
        "content_check_decided_waits_no_more": "decision IS NULL OR due_at IS NULL",
    },
    "subscription_quota": {
        "subscription_quota_is_no_debt": "credits >= 0",
    },
    "consent": {
        "consent_names_a_version": "version <> ''",
    },
    "reason_version": {
        "reason_version_number": "version > 0",
        "reason_version_has_time_and_author": "(at IS NULL) = (by_id IS NULL)",
    },
    "retention_request": {
        "retention_decider_differs": "decided_by_id IS NULL OR decided_by_id <> asked_by_id",
        "retention_decided_is_whole": "(state = 'asked') = (decided_at IS NULL)",
    },
}

ONE_OF_A_KIND = """
CREATE UNIQUE INDEX close_out_request_one_open ON close_out_request (item_id) WHERE state = 'asked';
CREATE UNIQUE INDEX extension_one_open ON extension (item_id) WHERE state = 'asked';
CREATE UNIQUE INDEX unit_case_one_living ON unit_case (item_id, unit_id, round) WHERE state <> 'withdrawn';
CREATE UNIQUE INDEX case_answer_one_waiting ON case_answer (case_id) WHERE forwarded_at IS NULL;
CREATE UNIQUE INDEX agenda_entry_one_waiting ON agenda_entry (problem_id) WHERE state = 'waiting';
CREATE UNIQUE INDEX problem_source_once ON problem_source (problem_id, kind, source_id) WHERE source_id IS NOT NULL;
CREATE UNIQUE INDEX retention_one_open ON retention_request (item_id) WHERE state = 'asked';
"""

# The earlier wordings of a reason never change: rows are only added.
REASONS = """
CREATE FUNCTION reason_version_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what a reason said is kept' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER reason_version_no_change BEFORE UPDATE OR DELETE ON reason_version
    FOR EACH ROW EXECUTE FUNCTION reason_version_is_kept();
"""

# The hash covers everything worth falsifying. scripts/verify recomputes it from the same columns
# without this code.
JOURNAL = """
DROP SEQUENCE journal_entry_id_seq CASCADE;  -- the trigger numbers entries without gaps
INSERT INTO journal_head (id, last_id, last_hash) VALUES (1, 0, repeat('0', 64));
ALTER TABLE journal_head ADD CONSTRAINT journal_head_is_one CHECK (id = 1);

CREATE FUNCTION journal_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    head journal_head%ROWTYPE;
BEGIN
    SELECT * INTO head FROM journal_head WHERE id = 1 FOR UPDATE;
    NEW.id := head.last_id + 1;
    NEW.at := clock_timestamp();
    NEW.prev := head.last_hash;
    NEW.hash := encode(sha256(convert_to(concat_ws(chr(31),
        NEW.prev, NEW.id::text, floor(extract(epoch FROM NEW.at) * 1000000)::bigint::text, NEW.deed,
        NEW.subject_kind, NEW.subject_id::text, coalesce(NEW.actor_id::text, '-'), NEW.detail::text
    ), 'UTF8')), 'hex');
    UPDATE journal_head SET last_id = NEW.id, last_hash = NEW.hash WHERE id = 1;
    RETURN NEW;
END $$;
CREATE TRIGGER journal_chain BEFORE INSERT ON journal_entry FOR EACH ROW EXECUTE FUNCTION journal_chain();

CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER journal_no_change BEFORE UPDATE OR DELETE ON journal_entry
    FOR EACH ROW EXECUTE FUNCTION journal_is_append_only();
CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only();
"""

# Roles belong to the whole cluster: another database of ours may have created it already, even just now.
ROLE = """
DO $$ BEGIN
    CREATE ROLE duchatong_app NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
GRANT duchatong_app TO CURRENT_USER;
GRANT USAGE ON SCHEMA public TO duchatong_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO duchatong_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO duchatong_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO duchatong_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO duchatong_app;
REVOKE UPDATE, DELETE, TRUNCATE ON journal_entry FROM duchatong_app;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON journal_head FROM duchatong_app;
"""

SEARCH = """
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX ledger_item_words ON ledger_item USING gin ((title || ' ' || number_text || ' ' || place_name) gin_trgm_ops);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0001_the_tables")]

    operations = [
        ops.RunSQL(
            [
                *adding(CHECKS),
                ONE_OF_A_KIND,
                REASONS,
                JOURNAL,
                ROLE,
                SEARCH,
            ],
            reverse_sql="",
        ),
    ]
