"""The ledger's commands: what an action on an item asks for; the API uses them as they are."""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from models import LedgerItem
from models.vocabulary import EvidenceKind, RecheckAnswer
from server.ledger.registering import NewItem
from server.photos import AnnouncedPhoto
from server.photos.reading import MAX_BYTES

Words = Annotated[str, Meta(min_length=1, max_length=1000, pattern=r"\S")]
Few = Annotated[str, Meta(max_length=1000)]
Code = Annotated[str, Meta(max_length=40)]
Version = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Days = Annotated[int, Meta(ge=1, le=250)]


@dataclass(frozen=True)
class Result:
    """The result of an action: the item now, the digests of photos still missing, the items that it opened."""

    item: LedgerItem
    missing: list[str] = field(default_factory=list)
    children: list[LedgerItem] = field(default_factory=list)


class EvidencePhoto(Struct, frozen=True, forbid_unknown_fields=True):
    """A photo as evidence, announced by its digest like every photo."""

    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    bytes: Annotated[int, Meta(ge=1, le=MAX_BYTES)]
    kind: EvidenceKind


class Deed(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An action on an item at a version."""

    version: Version


class Dispatch(Deed, frozen=True, kw_only=True):
    """The unit, and a deadline in working days or as a date."""

    unit_id: UUID
    commissioner_id: UUID | None = None
    days: Days | None = None
    due_on: date | None = None
    words: Few = ""
    reason: Few = ""


class Transfer(Deed, frozen=True, kw_only=True):
    """The new unit, and why."""

    unit_id: UUID
    reason: Words


class Because(Deed, frozen=True, kw_only=True):
    """An action that needs a reason."""

    reason: Words


class Reminder(Deed, frozen=True, kw_only=True):
    """The words for the unit."""

    words: Words


class Postponement(Deed, frozen=True, kw_only=True):
    """The later deadline, and why."""

    until_on: date
    reason: Words


class Amendment(Deed, frozen=True, kw_only=True):
    """The item in the office's new words."""

    to: NewItem


class GivingBack(Deed, frozen=True, kw_only=True):
    """A reason's code from the catalogue, own words, or both."""

    cause: Code = ""
    reason: Few = ""


class Progress(Deed, frozen=True, kw_only=True):
    """Percent, words, the next step, and photos as evidence."""

    percent: Annotated[int, Meta(ge=0, le=100)]
    text: Words
    next_step: Few = ""
    photos: Annotated[list[AnnouncedPhoto], Meta(max_length=9)] = []


class AskExtension(Deed, frozen=True, kw_only=True):
    """The requested deadline, and why."""

    until_on: date
    reason: Words


class AskRetention(Deed, frozen=True, kw_only=True):
    """Why the work is long-term, and when it should be reviewed."""

    reason: Words
    review_on: date


class AskCloseOut(Deed, frozen=True, kw_only=True):
    """What was done, and the photos that prove it, by kind."""

    text: Words
    evidence: Annotated[list[EvidencePhoto], Meta(max_length=9)] = []


class Decision(Deed, frozen=True, kw_only=True):
    """Yes or no, with words for the unit."""

    approved: bool
    reply: Few = ""


class CloseOutDecision(Decision, frozen=True, kw_only=True):
    """Yes or no; a no names a reason of the catalogue by its code."""

    cause: Code = ""


class Retention(Deed, frozen=True, kw_only=True):
    """Why the number is kept, and when the matter is reviewed."""

    note: Words
    next_review_on: date


class Merger(Deed, frozen=True, kw_only=True):
    """The item that remains, and why."""

    into: UUID
    reason: Words


class Linking(Deed, frozen=True, kw_only=True):
    """The item that belongs with this one, and why."""

    to: UUID
    reason: Words


class Splitting(Deed, frozen=True, kw_only=True):
    """A title for each new item."""

    titles: Annotated[
        list[Annotated[str, Meta(min_length=2, max_length=60)]], Meta(min_length=2, max_length=9)
    ]


class RecheckReply(Struct, frozen=True, forbid_unknown_fields=True):
    """What was seen; if the matter is unsolved, the text says what is still wrong."""

    answer: RecheckAnswer
    text: Few = ""


class RecheckWithPhotos(RecheckReply, frozen=True):
    """What was seen, with photos of it that arrive like those of a report."""

    photos: Annotated[list[AnnouncedPhoto], Meta(max_length=3)] = []
