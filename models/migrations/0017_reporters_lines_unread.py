from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0016_what_the_database_guards_of_content_checks")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Observation",
            name="reporter_wrote_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddIndex(
            model_name="Observation",
            index=Index(fields=["reporter_wrote_at"]),
        ),
    ]
