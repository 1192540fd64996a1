"""Reminders: rules with their history, who was reminded of what, and each message that carried it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from models.columns import optional_code
from models.vocabulary import Channel, DeliveryFailure, DeliveryState, Recipient, Urgency

if TYPE_CHECKING:
    from models.person import Person


class ReminderRule(Model):
    """A rule that the office has changed; a kind without a row follows the city pack."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    kind = fields.CharField(max_length=30, unique=True)
    content: dict[str, Any] = fields.JSONField()
    version = fields.IntField(default=1)

    class Meta:
        table = "reminder_rule"


class ReminderRuleVersion(Model):
    """What a rule said at one time; rows are only added. The city pack's rule has no author and no time."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    rule: fields.ForeignKeyRelation[ReminderRule] = fields.ForeignKeyField(
        "models.ReminderRule", related_name="versions", on_delete=fields.RESTRICT
    )
    version = fields.IntField()
    content: dict[str, Any] = fields.JSONField()
    why = fields.CharField(max_length=200)
    at: datetime | None = fields.DatetimeField(null=True)
    by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="reminder_rule_versions", null=True, on_delete=fields.RESTRICT
    )

    rule_id: UUID
    by_id: UUID | None

    class Meta:
        table = "reminder_rule_version"
        unique_together = (("rule_id", "version"),)


class JobRun(Model):
    """That a job ran for a period; whoever inserts the row runs it, for any number of schedulers."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    job = fields.CharField(max_length=40)
    period = fields.DateField()
    ran_at = fields.DatetimeField()

    class Meta:
        table = "job_run"
        unique_together = (("job", "period"),)


class Reminder(Model):
    """That one person is reminded of one matter: once for each deadline, offset and round of the matter.

    The inbox row is the delivery; `next_at` is when another channel is tried unless the person has looked, `climbs_at`
    when somebody else is told unless the person has acknowledged. Neither is set once the reminder has ended.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    kind = fields.CharField(max_length=30)
    subject_kind = fields.CharField(max_length=30)
    subject_id = fields.UUIDField()
    round = fields.IntField()
    due_on = fields.DateField()
    offset = fields.IntField()  # working days after the deadline; negative before it
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="reminders", on_delete=fields.CASCADE
    )
    recipient = fields.CharEnumField(Recipient, max_length=20)
    climbed_from: fields.ForeignKeyNullableRelation[Reminder] = fields.ForeignKeyField(
        "models.Reminder", related_name="climbed", null=True, on_delete=fields.CASCADE
    )
    rule_version = fields.IntField()
    urgency = fields.CharEnumField(Urgency, max_length=12)
    number = fields.CharField(max_length=40)  # names the matter where its title must not be read
    unit = fields.CharField(max_length=20, default="")
    short = fields.CharField(max_length=20)  # the title without the matter's own words
    title = fields.CharField(max_length=40)
    body = fields.CharField(max_length=300)
    state = fields.CharEnumField(DeliveryState, max_length=12)
    channels: list[str] = fields.JSONField()  # those after the inbox, in order
    step = fields.IntField(db_default=0)  # how many of them were used
    rung = fields.IntField(db_default=0)  # how many of the rule's further people were told
    next_at: datetime | None = fields.DatetimeField(null=True)
    climbs_at: datetime | None = fields.DatetimeField(null=True)
    told_at = fields.DatetimeField()
    opened_at: datetime | None = fields.DatetimeField(null=True)
    acknowledged_at: datetime | None = fields.DatetimeField(null=True)
    ended_at: datetime | None = fields.DatetimeField(null=True)
    ended_because = fields.CharField(max_length=60, db_default="")

    person_id: UUID
    climbed_from_id: UUID | None
    deliveries: fields.ManyToManyRelation[Delivery]

    class Meta:
        table = "reminder"
        unique_together = (("subject_id", "kind", "round", "due_on", "offset", "person_id"),)
        indexes = (("person_id", "told_at"), ("told_at", "id"))


class Delivery(Model):
    """A message to one person through one channel, for one reminder or several; it is claimed before it is sent.

    `tries` lists each exchange: when, its outcome and the other side's words. Texts name a matter by its number.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="deliveries", on_delete=fields.CASCADE
    )
    channel = fields.CharEnumField(Channel, max_length=16)
    urgency = fields.CharEnumField(Urgency, max_length=12)
    state = fields.CharEnumField(DeliveryState, max_length=12)
    failure = optional_code(DeliveryFailure, max_length=12)
    planned_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    until_at = fields.DatetimeField()
    claimed_at: datetime | None = fields.DatetimeField(null=True)
    settled_at: datetime | None = fields.DatetimeField(null=True)
    seen_at: datetime | None = fields.DatetimeField(null=True)  # the office has taken note of the failure
    attempts = fields.IntField(db_default=0)
    copies = fields.IntField(db_default=0)  # how often it was sent again after an unknown outcome
    template = fields.CharField(max_length=64, db_default="")
    message_id = fields.CharField(max_length=40, db_default="")
    errcode: int | None = fields.IntField(null=True)
    tries: list[dict[str, Any]] = fields.JSONField()
    reminders: fields.ManyToManyRelation[Reminder] = fields.ManyToManyField(
        "models.Reminder", related_name="deliveries", through="delivery_reminder"
    )

    person_id: UUID

    class Meta:
        table = "delivery"
        indexes = (("person_id", "channel"), ("state", "due_at"))


class Substitution(Model):
    """Who stands in for a person: always, or while the person is on leave."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="substitutions", on_delete=fields.CASCADE
    )
    substitute: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="stands_in", on_delete=fields.CASCADE
    )
    since_on = fields.DateField()
    until_on: date | None = fields.DateField(null=True)  # the last day
    is_leave = fields.BooleanField(db_default=False)  # meanwhile only the substitute is reminded

    person_id: UUID
    substitute_id: UUID

    class Meta:
        table = "substitution"
        indexes = (("person_id",), ("substitute_id",))


class ReminderSetting(Model):
    """A person's own quiet hours, in minutes of the day, and the hash of the calendar link that is valid now."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    person: fields.OneToOneRelation[Person] = fields.OneToOneField(
        "models.Person", related_name="reminder_setting", on_delete=fields.CASCADE
    )
    quiet_from: int | None = fields.IntField(null=True)
    quiet_until: int | None = fields.IntField(null=True)
    feed_hash = fields.CharField(max_length=64, null=True, unique=True)
    feed_made_on: date | None = fields.DateField(null=True)

    person_id: UUID

    class Meta:
        table = "reminder_setting"
