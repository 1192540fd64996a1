"""Adds a role for reading who a person is; the servers' own role has no right to it (decision 0006)."""

from tortoise import migrations
from tortoise.migrations import operations as ops

# NOINHERIT: the servers' role may become the other for a statement, and has none of its rights until then.
# Roles belong to the whole cluster: what another database of ours has already granted is not granted again.
ROLE = """
DO $$ BEGIN
    CREATE ROLE duchatong_identities NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_auth_members WHERE roleid = 'duchatong_identities'::regrole
                   AND member = 'duchatong_app'::regrole) THEN
        ALTER ROLE duchatong_app NOINHERIT;
        GRANT duchatong_identities TO duchatong_app;
    END IF;
END $$;
GRANT USAGE ON SCHEMA public TO duchatong_identities;
REVOKE ALL ON identity FROM duchatong_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON identity TO duchatong_identities;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0013_answers_that_name_nobody")]

    operations = [ops.RunSQL(ROLE, reverse_sql="")]
