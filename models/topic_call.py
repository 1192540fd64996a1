"""Topic calls: what the office asks units to write about, their answers, and what was published (M18)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from models.vocabulary import MediaKind

if TYPE_CHECKING:
    from models.organisation import Organisation
    from models.person import Person


class TopicCall(Model):
    """A topic that the office sets, with its deadline; each addressed unit owes one answer."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="topic_calls", on_delete=fields.RESTRICT
    )
    title = fields.CharField(max_length=60)
    text = fields.TextField(db_default="")
    due_on = fields.DateField()
    called_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="topic_calls", on_delete=fields.RESTRICT
    )
    called_at = fields.DatetimeField()

    organisation_id: UUID
    called_by_id: UUID

    class Meta:
        table = "topic_call"
        indexes = (("organisation_id", "called_at"),)


class TopicAnswer(Model):
    """What a unit answers to a topic call: its words and a link; files lie beside it."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    call: fields.ForeignKeyRelation[TopicCall] = fields.ForeignKeyField(
        "models.TopicCall", related_name="answers", on_delete=fields.RESTRICT
    )
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="topic_answers", on_delete=fields.RESTRICT
    )
    title = fields.CharField(max_length=120)
    text = fields.TextField(db_default="")
    link = fields.CharField(max_length=300, db_default="")
    answered_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="topic_answers", on_delete=fields.RESTRICT
    )
    answered_at = fields.DatetimeField()

    call_id: UUID
    organisation_id: UUID
    answered_by_id: UUID

    class Meta:
        table = "topic_answer"
        indexes = (("call_id", "answered_at"),)


class MediaItem(Model):
    """Something published: its source and link; a piece about a person names who agreed to it and when."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "models.Organisation", related_name="media_items", on_delete=fields.RESTRICT
    )
    answer: fields.ForeignKeyNullableRelation[TopicAnswer] = fields.ForeignKeyField(
        "models.TopicAnswer", related_name="published", null=True, on_delete=fields.RESTRICT
    )
    kind = fields.CharEnumField(MediaKind, max_length=12)
    title = fields.CharField(max_length=120)
    source = fields.CharField(max_length=60)
    link = fields.CharField(max_length=300)
    published_on = fields.DateField()
    is_about_person = fields.BooleanField()
    consent = fields.CharField(max_length=200, db_default="")  # who agreed, and how that is recorded
    entered_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="media_items", on_delete=fields.RESTRICT
    )
    entered_at = fields.DatetimeField()

    organisation_id: UUID
    answer_id: UUID | None
    entered_by_id: UUID

    class Meta:
        table = "media_item"
        indexes = (("published_on", "id"),)
