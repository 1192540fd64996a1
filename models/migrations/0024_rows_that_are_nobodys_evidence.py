"""Leaves some rows of covered tables out: becoming a citizen is no action and links to nothing (decision 0020)."""

from tortoise import migrations
from tortoise.migrations import operations as ops

# `of_rows` is the condition for a row `r` to be covered.
COVERING = """
ALTER TABLE ledger.covered ADD COLUMN of_rows text NOT NULL DEFAULT 'true';
DROP FUNCTION ledger.cover_anew(regclass);
DROP FUNCTION ledger.cover(regclass, text[]);

CREATE FUNCTION ledger.cover(tab regclass, lies_apart text[] DEFAULT '{}', rows_that text DEFAULT 'true')
RETURNS bigint LANGUAGE plpgsql AS $cover$
DECLARE
    listed text[] := ledger.columns_of(tab, lies_apart);
    mine ledger.covered;
    fn text;
    changed text := $$new_rows r WHERE (%3$s) AND (r.id, %1$s) NOT IN (SELECT o.id, %2$s FROM old_rows o)$$;
    was bigint;
    rows bigint;
BEGIN
    EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', tab);
    SELECT coalesce(max(no), 0) INTO was FROM ledger.version;
    INSERT INTO ledger.covered
        SELECT coalesce(max(table_id), 0) + 1, tab::text, listed, lies_apart, ledger.shape_of(tab, listed), rows_that
        FROM ledger.covered
    ON CONFLICT (name) DO UPDATE SET columns = excluded.columns, apart = excluded.apart, shape = excluded.shape,
        of_rows = excluded.of_rows
    RETURNING * INTO mine;
    fn := format('ledger.note_%s', mine.table_id);
    changed := format(changed, ledger.body_of('r', listed), ledger.body_of('o', listed), rows_that);
    EXECUTE format('CREATE OR REPLACE FUNCTION %s() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
            SET search_path = pg_catalog AS $note$
        BEGIN
            PERFORM ledger.prepare();
            IF TG_OP = ''INSERT'' THEN %s
            ELSIF TG_OP = ''UPDATE'' THEN %s
            ELSE %s END IF;
            RETURN NULL;
        END $note$', fn, ledger.writing(mine, 'I', format('new_rows r WHERE %s', rows_that)), ledger.writing(mine, 'U', changed),
        ledger.writing(mine, 'D', format('old_rows r WHERE %s', rows_that)));
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
    EXECUTE ledger.writing(mine, 'B', format('%s r WHERE %s', tab, rows_that));
    GET DIAGNOSTICS rows = ROW_COUNT;
    PERFORM ledger.forget_openings((SELECT array_agg(v.no ORDER BY v.no) FROM ledger.version v
        JOIN ledger.opening o ON o.no = v.no WHERE v.table_id = mine.table_id AND v.no <= was), 'columns changed');
    PERFORM ledger.enter('ledger.covered', jsonb_build_object('table', tab::text, 'rows', rows));
    RETURN rows;
END $cover$;

CREATE FUNCTION ledger.cover_anew(tab regclass) RETURNS bigint LANGUAGE sql AS $$
    SELECT ledger.cover(tab, apart, of_rows) FROM ledger.covered WHERE name = tab::text $$;
REVOKE ALL ON FUNCTION ledger.cover(regclass, text[], text), ledger.cover_anew(regclass) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0023_a_login_that_only_reads")]

    operations = [ops.RunSQL(COVERING, reverse_sql="")]
