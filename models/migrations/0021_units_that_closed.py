from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0020_words_of_content_decisions")]

    initial = False

    operations = [
        ops.AddField(model_name="Organisation", name="closed_on", field=fields.DateField(null=True)),
    ]
