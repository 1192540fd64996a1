"""The description of who is reminded names members and observers, who are reminded since visits and missions are."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.vocabulary import Recipient


class Migration(migrations.Migration):
    dependencies = [("models", "0042_policies")]

    initial = False

    operations = [
        ops.AlterField(
            model_name="Reminder",
            name="recipient",
            field=fields.CharEnumField(
                description="COMMISSIONER: commissioner\nCONTACT: contact\nMEMBER: member\nOBSERVER: observer\nSUBSTITUTE: substitute\nLEADING_OFFICIAL: leading_official\nOFFICE: office",
                enum_type=Recipient,
                max_length=20,
            ),
        ),
    ]
