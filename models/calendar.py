"""Working days as announced or decided: entries here win over every library."""

from tortoise import fields
from tortoise.models import Model


class CalendarDay(Model):
    """A day whose working state was announced: a holiday on a weekday or a make-up workday on a weekend."""

    day = fields.DateField(primary_key=True)
    is_workday = fields.BooleanField()
    note = fields.CharField(max_length=40, default="")
    source = fields.CharField(max_length=80)

    class Meta:
        table = "calendar_day"
