"""Commands on topic calls and the media register, with their limits."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from models.vocabulary import MediaKind

Link = Annotated[str, Meta(pattern=r"^https?://[^\s]+$", max_length=300)]
Title = Annotated[str, Meta(min_length=2, max_length=120)]
Text = Annotated[str, Meta(max_length=8000)]


class CallTopic(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A topic, its deadline, and the units that are asked."""

    title: Annotated[str, Meta(min_length=2, max_length=60)]
    due_on: date
    unit_ids: Annotated[list[UUID], Meta(min_length=1, max_length=300)]
    text: Text = ""


class AnswerCall(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A unit's answer: words, and a link to what it made; files are added on its page."""

    title: Title
    text: Text = ""
    link: Link | None = None


class EnterMedia(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was published, where, and who agreed to it if it is about a person."""

    kind: MediaKind
    title: Title
    source: Annotated[str, Meta(min_length=2, max_length=60)]
    link: Link
    published_on: date
    answer_id: UUID | None = None
    is_about_person: bool = False
    consent: Annotated[str, Meta(max_length=200)] = ""
