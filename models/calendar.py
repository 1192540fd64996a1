"""Working days as announced or decided: entries here win over every library."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from tortoise import fields
from tortoise.models import Model

if TYPE_CHECKING:
    from models.person import Person


class CalendarDay(Model):
    """A day whose working state was announced: a holiday on a weekday or a make-up workday on a weekend."""

    day = fields.DateField(primary_key=True)
    is_workday = fields.BooleanField()
    note = fields.CharField(max_length=40, default="")
    source = fields.CharField(max_length=80)

    class Meta:
        table = "calendar_day"


class CalendarNotice(Model):
    """A year's notice of holidays and make-up workdays, as the office loaded it; the newest one counts."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    year = fields.IntField()
    source = fields.CharField(max_length=80)  # the document it was taken from
    loaded_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="calendar_notices", on_delete=fields.RESTRICT
    )
    loaded_at = fields.DatetimeField()

    class Meta:
        table = "calendar_notice"
        indexes = (("year",),)
