"""Makes issued letters and give-backs immutable: rows are only added (see 0002)."""

from tortoise import migrations
from tortoise.migrations import operations as ops

from models.all_at_once import adding

CHECKS = {
    "letter": {
        "letter_number": "number > 0 AND template_version > 0",
        "letter_has_addressee": "addressee <> ''",
    },
    "giving_back": {
        "giving_back_is_of_two_uses": "use IN ('give_back', 'send_back')",
        "giving_back_says_why": "label <> '' OR words <> ''",
    },
}

ONLY_ADDED = """
CREATE FUNCTION what_was_said_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was issued or given back is kept' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER letter_no_change BEFORE UPDATE OR DELETE ON letter
    FOR EACH ROW EXECUTE FUNCTION what_was_said_is_kept();
CREATE TRIGGER giving_back_no_change BEFORE UPDATE OR DELETE ON giving_back
    FOR EACH ROW EXECUTE FUNCTION what_was_said_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0008_letters_on_items")]

    operations = [
        ops.RunSQL(
            [
                *adding(CHECKS),
                ONLY_ADDED,
            ],
            reverse_sql="",
        ),
    ]
