"""Working days as announced or decided; entries here override every library."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

if TYPE_CHECKING:
    from models.person import Person


class CalendarNotice(Model):
    """A notice of holidays and make-up workdays, as the office loaded it.

    Where two notices name one day, the one loaded later counts; a notice that was loaded anew is replaced.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    year = fields.IntField()
    source = fields.CharField(max_length=80)  # the document it comes from
    loaded_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="calendar_notices", on_delete=fields.RESTRICT
    )
    loaded_at = fields.DatetimeField()
    replaced_at = fields.DatetimeField(null=True)  # the notice was loaded again: its days no longer count

    days: fields.ReverseRelation[CalendarDay]

    class Meta:
        table = "calendar_notice"
        indexes = (("year",),)


class CalendarDay(Model):
    """A day that a notice names: off for a holiday, or worked."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    notice: fields.ForeignKeyRelation[CalendarNotice] = fields.ForeignKeyField(
        "models.CalendarNotice", related_name="days", on_delete=fields.RESTRICT
    )
    day = fields.DateField()
    is_workday = fields.BooleanField()
    note = fields.CharField(max_length=40, default="")

    notice_id: UUID

    class Meta:
        table = "calendar_day"
        unique_together = (("notice_id", "day"),)
