"""Finds the open letters of a day by an index, so that reminding them costs nothing for the letters of other years."""

from tortoise import migrations
from tortoise.migrations import operations as ops

BY_DAY = [
    "CREATE INDEX letter_unsigned_by_day ON letter (issued_on, id) WHERE state = 'delivered'",
    "CREATE INDEX letter_reply_by_day ON letter (reply_due_on, id) WHERE state = 'acknowledged'",
]


class Migration(migrations.Migration):
    dependencies = [("models", "0039_what_home_counts")]

    operations = [ops.RunSQL(BY_DAY, reverse_sql="")]
