"""Orders senders' turns by the work their photos cause instead of by their number."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0031_blocks_are_found_by_day")]

    initial = False

    operations = [
        ops.RemoveField(model_name="PhotoDay", name="photos"),
        ops.AddField(model_name="PhotoDay", name="cost", field=fields.IntField(db_default=0)),
    ]
