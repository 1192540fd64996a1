"""Lets the hall's board be rehearsed and blacked out, and keeps its reveal shut before the seal."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

# Before the seal only a rehearsal has steps, whatever a program asks for.
SHUT = """
CREATE FUNCTION board_reveals_what_is_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.step > 0 AND NOT NEW.is_rehearsal AND NOT EXISTS (
        SELECT FROM score_round WHERE id = NEW.visit_id AND state IN ('sealed', 'published', 'annulled')) THEN
        RAISE EXCEPTION 'a reveal needs a sealed round' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER board_reveals_what_is_sealed BEFORE INSERT OR UPDATE ON visit_board
    FOR EACH ROW EXECUTE FUNCTION board_reveals_what_is_sealed();
ALTER TABLE visit_board ADD CONSTRAINT visit_board_step CHECK (step >= 0);
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0035_reminders")]

    initial = False

    operations = [
        ops.AddField(
            model_name="VisitBoard", name="is_rehearsal", field=fields.BooleanField(db_default=False)
        ),
        ops.AddField(model_name="VisitBoard", name="is_black", field=fields.BooleanField(db_default=False)),
        ops.RunSQL([SHUT], reverse_sql=""),
    ]
