"""Tables and columns under the field's names (server/decisions/0026). No row is written.

The journal's column and the table of `GiveBack` keep theirs in the database: a covered table that is altered is
committed to anew, and what was committed to before could no longer be opened.
"""

from tortoise import migrations

from models.renaming import RenameAttribute, RenameTable


class Migration(migrations.Migration):
    dependencies = [("models", "0032_turns_by_what_photos_cost")]

    operations = [
        RenameTable("Nudge", "SubscribeMessage", table="subscribe_message", related_name="wechat_messages"),
        RenameTable("OnceKey", "IdempotencyKey", table="idempotency_key"),
        RenameTable("GivingBack", "GiveBack", table="giving_back"),
        RenameAttribute("JournalEntry", "deed", "event"),
    ]
