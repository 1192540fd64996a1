from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0019_what_the_database_guards_of_subscriptions")]

    initial = False

    operations = [
        ops.AddField(
            model_name="ContentCheck",
            name="decision_words",
            field=fields.CharField(db_default="", max_length=200),
        ),
    ]
