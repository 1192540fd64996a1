"""Renames tables and columns to the field's terms (server/decisions/0026). No row is written.

The journal's column and the table of `GiveBack` keep their names in the database: altering a covered table commits
to it again, and earlier commitments could no longer be opened.
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
