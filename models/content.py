"""Content checks: what WeChat, and then perhaps a person, decides about content before others may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from models.columns import optional_code
from models.vocabulary import ContentDecision, ContentKind, ContentState, Unjudged

if TYPE_CHECKING:
    from models.person import Person


class ContentCheck(Model):
    """One content of one subject: `digest` says exactly which words or which photo, so a pass covers no other.

    `state` is the machine's word, `decision` a person's, and the person's counts. Only a pending check has a
    timer: `due_at` is when to ask WeChat, or to give up waiting for it.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    subject_kind = fields.CharField(max_length=30)
    subject_id = fields.UUIDField()
    kind = fields.CharEnumField(ContentKind, max_length=8)
    digest = fields.CharField(max_length=64)
    is_current = fields.BooleanField(default=True)  # false once the reporter replaced it
    state = fields.CharEnumField(ContentState, max_length=8, default=ContentState.PENDING)
    unjudged = optional_code(Unjudged, max_length=16)
    label = fields.IntField(default=0)  # WeChat's category; 100 is harmless
    opened_at = fields.DatetimeField()
    due_at = fields.DatetimeField(null=True)
    asked_at = fields.DatetimeField(null=True)
    attempts = fields.IntField(default=0)  # how often a check was started
    unanswered = fields.IntField(default=0)  # how often WeChat took the picture but gave no verdict
    trace_id = fields.CharField(max_length=80, null=True, unique=True)
    fetches = fields.IntField(default=0)  # fetches of the picture since the last request
    answered_at = fields.DatetimeField(null=True)
    decision = optional_code(ContentDecision, max_length=8)
    decided_by: fields.ForeignKeyNullableRelation[Person] = fields.ForeignKeyField(
        "models.Person", related_name="contents_decided", null=True, on_delete=fields.RESTRICT
    )
    decided_at = fields.DatetimeField(null=True)
    decision_words = fields.CharField(max_length=200, db_default="")  # the reason, in the person's own words
    version = fields.IntField(default=1)

    decided_by_id: UUID | None

    class Meta:
        table = "content_check"
        unique_together = (("subject_id", "kind", "digest"),)
        indexes = (("state", "due_at"),)
