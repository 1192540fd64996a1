"""Commands on meetings and month reports: the fields of each and their limits, for the wire and for forms."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from models.vocabulary import ProofKind
from server.files import AnnouncedFile

Version = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Title = Annotated[str, Meta(min_length=2, max_length=120)]
Line = Annotated[str, Meta(min_length=2, max_length=200)]
Text = Annotated[str, Meta(max_length=4000)]
Files = Annotated[list[AnnouncedFile], Meta(max_length=20)]


class Command(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody asks for."""


class RecordMeeting(Command, frozen=True, kw_only=True):
    """A meeting that was held; `organisation_id` is needed by who records for several."""

    kind: ProofKind
    title: Title
    held_on: date
    place: Annotated[str, Meta(max_length=120)] = ""
    chair_id: UUID | None = None
    attendees: Text = ""
    agenda: Text = ""
    decisions: Annotated[list[Line], Meta(max_length=40)] = []
    organisation_id: UUID | None = None
    files: Files = []


class AtVersion(Command, frozen=True, kw_only=True):
    """At the version that was seen."""

    version: Version


class VoidMeeting(AtVersion, frozen=True, kw_only=True):
    """Why the record of a meeting is void."""

    reason: Line


class AddDecision(AtVersion, frozen=True, kw_only=True):
    """One more decision of a meeting."""

    text: Line


class Place(Command, frozen=True, kw_only=True):
    """The unit that gets a matter, and in how many working days it is due."""

    unit_id: UUID
    days: Annotated[int, Meta(ge=1, le=250)]


class PutDecision(Place, frozen=True, kw_only=True):
    """Which decision of the meeting goes onto the ledger."""

    decision_id: UUID


class HandInReport(Command, frozen=True, kw_only=True):
    """A report about one month, with what needs the city to coordinate."""

    month_on: date
    title: Title
    requests: Annotated[list[Line], Meta(max_length=20)] = []
    organisation_id: UUID | None = None
    files: Files = []


class SendReport(AtVersion, frozen=True, kw_only=True):
    """To whom in the region a report went, on which day, under which number."""

    sent_to: Annotated[str, Meta(min_length=2, max_length=60)]
    sent_on: date
    sent_number: Annotated[str, Meta(max_length=40)] = ""


class AnswerRequest(AtVersion, frozen=True, kw_only=True):
    """How the city answers a matter that needs coordination."""

    answer: Annotated[str, Meta(min_length=2, max_length=500)]


class PutRequest(Place, frozen=True, kw_only=True):
    """The same, at the version of the matter."""

    version: Version
