"""Adds the schema `ledger`: the database itself commits to every change of a covered table (decision 0020).

A covered table has statement triggers that also fire under `session_replication_role = replica`. They write one
salted digest per row version into ledger.version; key and salt lie apart in ledger.opening, which the server's role
can't read. models/covered.py lists the covered tables and the columns that lie apart.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLES = """
CREATE SCHEMA ledger;
CREATE SEQUENCE ledger.version_no;
CREATE TABLE ledger.era (era smallint PRIMARY KEY, system_id bigint NOT NULL,
    since timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE TABLE ledger.covered (table_id smallint PRIMARY KEY, name text NOT NULL UNIQUE, columns text[] NOT NULL,
    apart text[] NOT NULL, shape bytea NOT NULL);
CREATE TABLE ledger.version (no bigint PRIMARY KEY, era smallint NOT NULL, xid xid8 NOT NULL,
    table_id smallint NOT NULL, op "char" NOT NULL, digest bytea NOT NULL);
CREATE INDEX version_xid ON ledger.version (xid);
CREATE TABLE ledger.opening (no bigint PRIMARY KEY, key uuid NOT NULL, nonce bytea NOT NULL);
CREATE TABLE ledger.leaf (place bigint PRIMARY KEY, block bigint NOT NULL, era smallint NOT NULL, xid xid8 NOT NULL,
    hash bytea NOT NULL, UNIQUE (xid, era));
CREATE TABLE ledger.block (id bigint PRIMARY KEY, era smallint NOT NULL, first_place bigint NOT NULL,
    size int NOT NULL, root bytea NOT NULL, at timestamptz NOT NULL, snapshot pg_snapshot NOT NULL,
    prev bytea NOT NULL, hash bytea NOT NULL);
CREATE TABLE ledger.erasure (id uuid PRIMARY KEY, because text NOT NULL, versions int NOT NULL, digest bytea NOT NULL);
CREATE TABLE ledger.erased (no bigint PRIMARY KEY, erasure_id uuid NOT NULL);
INSERT INTO ledger.era (era, system_id) SELECT 1, system_identifier FROM pg_control_system();
INSERT INTO ledger.block SELECT 0, 1, 1, 0, '', 'epoch', pg_current_snapshot(), '', sha256('');
"""

# The shape is a hash over names and types in order, so that swapped columns show.
SHAPES = """
CREATE FUNCTION ledger.key(uuid) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT $1';
CREATE FUNCTION ledger.key(bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT lpad(to_hex($1), 32, '0')::uuid $$;
CREATE FUNCTION ledger.columns_of(tab regclass, apart text[]) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute
    WHERE attrelid = tab AND attnum > 0 AND NOT attisdropped AND NOT attname = ANY (apart) $$;
CREATE FUNCTION ledger.shape_of(tab regclass, columns text[]) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(convert_to(string_agg(attname || ' ' || format_type(atttypid, atttypmod), chr(31) ORDER BY attnum),
        'UTF8'))
    FROM pg_attribute WHERE attrelid = tab AND attnum > 0 AND NOT attisdropped AND attname = ANY (columns) $$;
CREATE FUNCTION ledger.body_of(alias text, columns text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT 'record_send(ROW(' || string_agg(format('%I.%I', alias, one), ', ' ORDER BY place) || '))'
    FROM unnest(columns) WITH ORDINALITY AS listed (one, place) $$;
CREATE FUNCTION ledger.no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a covered table is not truncated' USING ERRCODE = 'insufficient_privilege';
END $$;
"""

# Covering a table creates its own function, which names its columns, so that what lies apart is never read.
# An update of what lies apart makes no version; one that changes what is covered does, also in the same statement.
COVERING = """
CREATE FUNCTION ledger.writing(mine ledger.covered, op text, source text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT format('WITH made AS MATERIALIZED (SELECT nextval(''ledger.version_no'') AS no, ledger.key(r.id) AS key,
                uuid_send(gen_random_uuid()) AS nonce, %1$s AS body FROM %2$s),
            apart AS (INSERT INTO ledger.opening SELECT no, key, nonce FROM made)
        INSERT INTO ledger.version SELECT no, (SELECT max(era) FROM ledger.era), pg_current_xact_id(), %3$s, %4$L,
            sha256(nonce || %5$L::bytea || %4$L::bytea || body) FROM made;',
        ledger.body_of('r', mine.columns), source, mine.table_id, op, mine.shape) $$;

CREATE FUNCTION ledger.prepare() RETURNS void LANGUAGE plpgsql AS $$
BEGIN  -- the digests are of bytes as they are sent: in another encoding they would be others
    IF current_setting('client_encoding') <> 'UTF8' THEN
        RAISE EXCEPTION 'a covered table is written in UTF8 only';
    END IF;
    IF coalesce(current_setting('ledger.migrating', true), '') <> '' THEN
        PERFORM ledger.enter_migration();
    END IF;
END $$;

CREATE FUNCTION ledger.cover(tab regclass, lies_apart text[] DEFAULT '{}') RETURNS bigint
LANGUAGE plpgsql AS $cover$
DECLARE
    listed text[] := ledger.columns_of(tab, lies_apart);
    mine ledger.covered;
    fn text;
    changed text := $$new_rows r WHERE (r.id, %1$s) NOT IN (SELECT o.id, %2$s FROM old_rows o)$$;
    was bigint;
    rows bigint;
BEGIN
    EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', tab);
    SELECT coalesce(max(no), 0) INTO was FROM ledger.version;
    INSERT INTO ledger.covered
        SELECT coalesce(max(table_id), 0) + 1, tab::text, listed, lies_apart, ledger.shape_of(tab, listed)
        FROM ledger.covered
    ON CONFLICT (name) DO UPDATE SET columns = excluded.columns, apart = excluded.apart, shape = excluded.shape
    RETURNING * INTO mine;
    fn := format('ledger.note_%s', mine.table_id);
    changed := format(changed, ledger.body_of('r', listed), ledger.body_of('o', listed));
    EXECUTE format('CREATE OR REPLACE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
            SET search_path = pg_catalog AS $note$
        BEGIN
            PERFORM ledger.prepare();
            IF TG_OP = ''INSERT'' THEN %s
            ELSIF TG_OP = ''UPDATE'' THEN %s
            ELSE %s END IF;
            RETURN NULL;
        END $note$', fn, ledger.writing(mine, 'I', 'new_rows r'), ledger.writing(mine, 'U', changed),
        ledger.writing(mine, 'D', 'old_rows r'));
    EXECUTE format('
        CREATE OR REPLACE TRIGGER zz_ledger_i AFTER INSERT ON %1$s REFERENCING NEW TABLE AS new_rows
            FOR EACH STATEMENT EXECUTE FUNCTION %2$s();
        CREATE OR REPLACE TRIGGER zz_ledger_u AFTER UPDATE ON %1$s
            REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION %2$s();
        CREATE OR REPLACE TRIGGER zz_ledger_d AFTER DELETE ON %1$s REFERENCING OLD TABLE AS old_rows
            FOR EACH STATEMENT EXECUTE FUNCTION %2$s();
        CREATE OR REPLACE TRIGGER zz_ledger_t BEFORE TRUNCATE ON %1$s
            FOR EACH STATEMENT EXECUTE FUNCTION ledger.no_truncate();
        ALTER TABLE %1$s ENABLE ALWAYS TRIGGER zz_ledger_i;
        ALTER TABLE %1$s ENABLE ALWAYS TRIGGER zz_ledger_u;
        ALTER TABLE %1$s ENABLE ALWAYS TRIGGER zz_ledger_d;
        ALTER TABLE %1$s ENABLE ALWAYS TRIGGER zz_ledger_t', tab, fn);
    EXECUTE ledger.writing(mine, 'B', format('%s r', tab));
    GET DIAGNOSTICS rows = ROW_COUNT;
    PERFORM ledger.forget_openings((SELECT array_agg(v.no ORDER BY v.no) FROM ledger.version v
        JOIN ledger.opening o ON o.no = v.no WHERE v.table_id = mine.table_id AND v.no <= was), 'columns changed');
    PERFORM ledger.enter('ledger.covered', jsonb_build_object('table', tab::text, 'rows', rows));
    RETURN rows;
END $cover$;

CREATE FUNCTION ledger.cover_anew(tab regclass) RETURNS bigint LANGUAGE sql AS $$
    SELECT ledger.cover(tab, apart) FROM ledger.covered WHERE name = tab::text $$;

CREATE FUNCTION ledger.uncover(tab regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    one text;
BEGIN  -- for a table that goes away: its versions stay, its name is free
    FOREACH one IN ARRAY ARRAY['i', 'u', 'd', 't'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS zz_ledger_%s ON %s', one, tab);
    END LOOP;
    PERFORM ledger.forget_openings((SELECT array_agg(v.no ORDER BY v.no) FROM ledger.version v
        JOIN ledger.opening o ON o.no = v.no JOIN ledger.covered c USING (table_id) WHERE c.name = tab::text),
        'table given up');
    UPDATE ledger.covered SET name = name || ' (' || table_id || ')', columns = '{}' WHERE name = tab::text;
    PERFORM ledger.enter('ledger.uncovered', jsonb_build_object('table', tab::text));
END $$;
"""

# These functions act as well: a change without a journal entry is a fault.
ENTERING = """
CREATE FUNCTION ledger.enter(deed text, detail jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.journal_entry (deed, subject_kind, subject_id, detail)
    VALUES (deed, 'evidence', gen_random_uuid(), detail);
END $$;
CREATE FUNCTION ledger.enter_migration() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    this text := pg_current_xact_id()::text;
BEGIN
    IF coalesce(current_setting('ledger.entered', true), '') <> this THEN
        PERFORM set_config('ledger.entered', this, true);
        PERFORM ledger.enter('ledger.migrated', '{}');
    END IF;
END $$;
"""

# Compares two snapshots: what this one sees and the last block's did not. A long-running writer holds up
# nobody but itself.
BLOCKS = """
CREATE FUNCTION ledger.merkle(level bytea[]) RETURNS bytea LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    WHILE cardinality(level) > 1 LOOP
        SELECT array_agg(h ORDER BY g) INTO level FROM (
            SELECT (o - 1) / 2 AS g, CASE count(*) WHEN 1 THEN string_agg(x, '')
                ELSE sha256('\\x01'::bytea || string_agg(x, '' ORDER BY o)) END AS h
            FROM unnest(level) WITH ORDINALITY AS t (x, o) GROUP BY 1) pairs;
    END LOOP;
    RETURN coalesce(level[1], '');
END $$;

CREATE FUNCTION ledger.block_hash(b ledger.block) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256('\\x02'::bytea || b.prev || convert_to(concat_ws(chr(31), b.id, b.era, b.first_place, b.size,
        encode(b.root, 'hex'), floor(extract(epoch FROM b.at) * 1000000)::bigint, b.snapshot::text), 'UTF8')) $$;

CREATE FUNCTION ledger.put_block(of_era smallint, leftovers boolean) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    was ledger.block;
    b ledger.block;
    hashes bytea[];
BEGIN
    SELECT * INTO STRICT was FROM ledger.block ORDER BY id DESC LIMIT 1;
    b.id := was.id + 1; b.era := of_era; b.prev := was.hash; b.first_place := was.first_place + was.size;
    b.snapshot := CASE WHEN leftovers THEN was.snapshot ELSE pg_current_snapshot() END;
    b.at := clock_timestamp();
    WITH fresh AS (
        SELECT v.* FROM ledger.version v
        WHERE NOT leftovers AND v.era = of_era
            AND v.xid >= CASE WHEN was.era = of_era THEN pg_snapshot_xmin(was.snapshot) ELSE '0'::xid8 END
            AND v.xid < pg_snapshot_xmax(b.snapshot) AND pg_visible_in_snapshot(v.xid, b.snapshot)
            AND (was.era <> of_era OR NOT pg_visible_in_snapshot(v.xid, was.snapshot))
        UNION ALL
        SELECT v.* FROM ledger.version v
        WHERE leftovers AND v.era = of_era
            AND NOT EXISTS (SELECT 1 FROM ledger.leaf l WHERE l.xid = v.xid AND l.era = v.era)),
    made AS (
        SELECT xid, max(no) AS last_no, sha256('\\x00'::bytea || int2send(of_era) || int8send((xid::text)::bigint)
            || string_agg(int8send(no) || int2send(table_id) || op::text::bytea || digest, '' ORDER BY no)) AS hash
        FROM fresh GROUP BY xid),
    put AS (INSERT INTO ledger.leaf
        SELECT b.first_place - 1 + row_number() OVER (ORDER BY last_no), b.id, of_era, xid, hash FROM made
        RETURNING place, hash)
    SELECT array_agg(hash ORDER BY place) INTO hashes FROM put;
    b.size := coalesce(cardinality(hashes), 0);
    IF b.size = 0 THEN
        RETURN 0;
    END IF;
    b.root := ledger.merkle(hashes);
    b.hash := ledger.block_hash(b);
    INSERT INTO ledger.block SELECT b.*;
    RETURN b.size;
END $$;

CREATE FUNCTION ledger.close_block() RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN  -- one at a time; whoever comes second has nothing to do
    IF NOT pg_try_advisory_xact_lock(7202612) THEN
        RETURN 0;
    END IF;
    RETURN ledger.put_block((SELECT max(era) FROM ledger.era), false);
END $$;

CREATE FUNCTION ledger.open_era() RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
    last ledger.era;
    here bigint := (SELECT system_identifier FROM pg_control_system());
BEGIN  -- after a restore into another cluster transaction numbers begin anew
    PERFORM pg_advisory_xact_lock(7202612);
    SELECT * INTO STRICT last FROM ledger.era ORDER BY era DESC LIMIT 1;
    IF last.system_id = here THEN
        RETURN false;
    END IF;
    PERFORM ledger.put_block(last.era, true);
    INSERT INTO ledger.era (era, system_id) VALUES (last.era + 1, here);
    PERFORM ledger.enter('ledger.era_opened', jsonb_build_object('era', last.era + 1));
    RETURN true;
END $$;
"""

# The row is already deleted, and its 'D' remains; now its keys and salts go, and what is left reveals nothing.
ERASING = """
CREATE FUNCTION ledger.forget_openings(numbers bigint[], because text) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    erasure uuid := gen_random_uuid();
BEGIN
    IF coalesce(cardinality(numbers), 0) = 0 THEN
        RETURN 0;
    END IF;
    DELETE FROM ledger.opening WHERE no = ANY (numbers);
    INSERT INTO ledger.erased SELECT unnest(numbers), erasure;
    INSERT INTO ledger.erasure
    VALUES (erasure, because, cardinality(numbers), sha256(convert_to(array_to_string(numbers, ','), 'UTF8')));
    RETURN cardinality(numbers);
END $$;

CREATE FUNCTION ledger.erase(tab text, keys uuid[], because text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    living bigint;
BEGIN
    EXECUTE format('SELECT count(*) FROM %s WHERE ledger.key(id) = ANY ($1)', tab::regclass) INTO living USING keys;
    IF living > 0 THEN
        RAISE EXCEPTION 'a row is deleted before it is erased';
    END IF;
    RETURN ledger.forget_openings((SELECT array_agg(v.no ORDER BY v.no) FROM ledger.opening o
        JOIN ledger.version v USING (no) JOIN ledger.covered c USING (table_id)
        WHERE o.key = ANY (keys) AND c.name = tab), because);
END $$;
"""

RIGHTS = """
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;
GRANT USAGE ON SCHEMA ledger TO duchatong_app;
GRANT SELECT ON ledger.era, ledger.covered, ledger.version, ledger.leaf, ledger.block, ledger.erasure, ledger.erased
    TO duchatong_app;
GRANT EXECUTE ON FUNCTION ledger.close_block(), ledger.open_era(), ledger.erase(text, uuid[], text) TO duchatong_app;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0015_tries_are_not_counted_in_the_login")]

    operations = [
        ops.RunSQL([TABLES, SHAPES, COVERING, ENTERING, BLOCKS, ERASING, RIGHTS], reverse_sql=""),
    ]
