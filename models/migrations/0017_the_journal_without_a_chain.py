"""Takes the journal's chain off the write path: entries are rows of the ledger, and actors lie apart.

Numbers come from a sequence and may have gaps; the places in ledger.leaf have none. Only `journal_write` writes
entries, only `journal_actors` reads actors. Earlier actions of reporters keep no actor.
"""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

APART = """
DROP TRIGGER journal_chain ON journal_entry;
DROP FUNCTION journal_chain();
CREATE SEQUENCE journal_entry_id_seq OWNED BY journal_entry.id;
SELECT setval('journal_entry_id_seq', last_id + 1, false) FROM journal_head;
ALTER TABLE journal_entry ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    ADD COLUMN era smallint NOT NULL DEFAULT 1;
ALTER TABLE journal_entry ALTER COLUMN xid DROP DEFAULT, ALTER COLUMN era DROP DEFAULT;

INSERT INTO journal_actor (id, actor_id) SELECT id, actor_id FROM journal_entry
WHERE actor_id IS NOT NULL AND (subject_kind NOT IN ('observation', 'photo') OR deed IN (
    'observation.registered', 'observation.more_asked', 'observation.declined', 'observation.acceptance_undone',
    'observation.decline_proposed', 'observation.handed_over', 'observation.office_wrote', 'photo.redacted',
    'content.passed', 'content.hidden'));
"""

WRITING = """
CREATE FUNCTION journal_stamp() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    NEW.id := coalesce(NEW.id, nextval('public.journal_entry_id_seq'));
    NEW.at := clock_timestamp();
    NEW.xid := pg_current_xact_id();
    NEW.era := (SELECT max(era) FROM ledger.era);
    RETURN NEW;
END $$;
CREATE TRIGGER journal_stamp BEFORE INSERT ON journal_entry FOR EACH ROW EXECUTE FUNCTION journal_stamp();

CREATE FUNCTION journal_write(deeds text[], kinds text[], subjects uuid[], actors uuid[], details text[])
RETURNS SETOF bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    RETURN QUERY WITH line AS MATERIALIZED (
            SELECT nextval('journal_entry_id_seq') AS number, listed.*
            FROM unnest(deeds, kinds, subjects, actors, details) WITH ORDINALITY
                AS listed (deed, kind, subject, actor, detail, place)),
        named AS (INSERT INTO journal_actor SELECT number, actor FROM line WHERE actor IS NOT NULL)
    INSERT INTO journal_entry (id, deed, subject_kind, subject_id, detail)
    SELECT number, deed, kind, subject, detail::jsonb FROM line ORDER BY place RETURNING journal_entry.id;
END $$;

CREATE FUNCTION journal_actors(entries bigint[]) RETURNS TABLE (entry_id bigint, actor uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT id, actor_id FROM journal_actor WHERE id = ANY (entries) $$;

CREATE TRIGGER journal_actor_no_change BEFORE UPDATE OR DELETE ON journal_actor
    FOR EACH ROW EXECUTE FUNCTION journal_is_append_only();
ALTER TABLE journal_actor ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON journal_actor FROM duchatong_app;
REVOKE ALL ON SEQUENCE journal_entry_id_seq FROM duchatong_app;
REVOKE INSERT ON journal_entry FROM duchatong_app;
REVOKE ALL ON FUNCTION journal_write(text[], text[], uuid[], uuid[], text[]), journal_actors(bigint[]),
    journal_stamp() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION journal_write(text[], text[], uuid[], uuid[], text[]), journal_actors(bigint[])
    TO duchatong_app;
"""

# The old head ends the old chain, so that an earlier anchor can still be compared with it.
BEGUN = """
INSERT INTO journal_entry (deed, subject_kind, subject_id, detail)
SELECT 'ledger.begun', 'evidence', gen_random_uuid(), jsonb_build_object('number', last_id, 'hash', last_hash)
FROM journal_head WHERE last_id > 0;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0016_any_change_shows")]

    initial = False

    operations = [
        ops.CreateModel(
            name="JournalActor",
            fields=[
                (
                    "id",
                    fields.BigIntField(generated=False, primary_key=True, unique=True, db_index=True),
                ),
                ("actor_id", fields.UUIDField()),
            ],
            options={
                "table": "journal_actor",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Who did what an entry tells; a reporter's deed and the machine's have no row.",
            },
            bases=["Model"],
        ),
        ops.RunSQL([APART], reverse_sql=""),
        ops.RemoveField(model_name="JournalEntry", name="prev"),
        ops.RemoveField(model_name="JournalEntry", name="hash"),
        ops.RemoveField(model_name="JournalEntry", name="actor_id"),
        ops.AlterModelOptions(
            name="JournalEntry",
            options={
                "table": "journal_entry",
                "app": "models",
                "indexes": [Index(fields=["subject_id", "id"])],
                "pk_attr": "id",
                "table_description": "One deed. Number and time are set by the database; nothing is ever changed or removed.",
            },
        ),
        ops.RunSQL([WRITING, BEGUN], reverse_sql=""),
        ops.DeleteModel(name="JournalHead"),
    ]
