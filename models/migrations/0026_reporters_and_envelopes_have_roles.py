"""Adds roles for reading reporters and locked identities; the servers' own role has no right to them (0006)."""

from tortoise import migrations
from tortoise.migrations import operations as ops

# NOINHERIT as with identities: a server has none of the role's rights until it becomes it for a statement.
ROLE = """
DO $$ BEGIN
    CREATE ROLE {role} NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_auth_members WHERE roleid = '{role}'::regrole
                   AND member = 'duchatong_app'::regrole) THEN
        GRANT {role} TO duchatong_app;
    END IF;
END $$;
GRANT USAGE ON SCHEMA public TO {role};
REVOKE ALL ON {tables} FROM duchatong_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON {tables} TO {role};
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0025_photos_belong_to_subjects")]

    operations = [
        ops.RunSQL(ROLE.format(role="duchatong_reporters", tables="reporter, salt"), reverse_sql=""),
        ops.RunSQL(ROLE.format(role="duchatong_envelopes", tables="escrow"), reverse_sql=""),
    ]
