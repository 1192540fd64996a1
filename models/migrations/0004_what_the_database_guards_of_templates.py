"""Makes earlier wordings of templates immutable: rows are only added (see 0002)."""

from tortoise import migrations
from tortoise.migrations import operations as ops

from models.all_at_once import adding

CHECKS = {
    "template": {
        "template_version_number": "version > 0",
    },
    "template_version": {
        "template_version_past_number": "version > 0",
        "template_version_has_time_and_author": "(at IS NULL) = (by_id IS NULL)",
    },
}

ONLY_ADDED = """
CREATE FUNCTION template_version_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what a template said is kept' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER template_version_no_change BEFORE UPDATE OR DELETE ON template_version
    FOR EACH ROW EXECUTE FUNCTION template_version_is_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0003_templates_with_history")]

    operations = [
        ops.RunSQL(
            [
                *adding(CHECKS),
                ONLY_ADDED,
            ],
            reverse_sql="",
        ),
    ]
