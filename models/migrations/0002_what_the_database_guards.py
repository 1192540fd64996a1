"""What the database itself guards: checks, the append-only hash-chained journal, and the server's own role.

Tortoise's `Meta.constraints` never reach the database, so checks are written here as SQL and nowhere else;
tests/models/test_migrations.py compares them with pg_constraint.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

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
    "photo": {"photo_digest": f"sha256 ~ '{SHA256}'", "photo_size": "bytes BETWEEN 1 AND 10485760"},
    "ledger_item": {"ledger_item_number": "number > 0 AND round > 0 AND version > 0"},
    "number_series": {"number_series_last": "last_number >= 0"},
    "reform_task": {"reform_task_measure": "measure BETWEEN 1 AND 20"},
    "duty": {
        "duty_scope_has_organisation": "scope NOT IN ('unit', 'subtree') OR organisation_id IS NOT NULL",
        "duty_term": "until_on IS NULL OR until_on >= since_on",
    },
}

# The hash covers what a person could want to falsify. scripts/verify recomputes it from the same columns
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

# Roles belong to the whole cluster: another database of ours may have made it first, even at this moment.
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
    dependencies = [("models", "0001_the_first_loop")]

    operations = [
        *(
            ops.RunSQL(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({check})", reverse_sql="")
            for table, checks in CHECKS.items()
            for name, check in checks.items()
        ),
        ops.RunSQL(JOURNAL, reverse_sql=""),
        ops.RunSQL(ROLE, reverse_sql=""),
        ops.RunSQL(SEARCH, reverse_sql=""),
    ]
