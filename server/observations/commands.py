"""The commands that observations accept; a command that could be built is valid."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from models.vocabulary import Anonymity, Datum, ObservationKind, PlaceSource
from server.photos import AnnouncedPhoto

Text = Annotated[str, Meta(min_length=1, max_length=2000, pattern=r"\S")]
Category = Annotated[str, Meta(pattern="^[a-z0-9_]{1,24}$")]
Instant = Annotated[datetime, Meta(tz=True)]


class Place(Struct, frozen=True, forbid_unknown_fields=True):
    """A position: degrees with their datum, accuracy in metres, and how the phone determined it."""

    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    datum: Datum
    source: PlaceSource
    accuracy_m: Annotated[float, Meta(ge=0, le=100_000)] | None = None
    name: Annotated[str, Meta(max_length=120)] | None = None


class SubmitObservation(Struct, frozen=True, forbid_unknown_fields=True):
    """An observation as the phone sends it; leaving an optional field out means the same as null.

    A report without photos needs a category that allows it.
    """

    kind: ObservationKind
    text: Text
    anonymity: Anonymity
    photos: Annotated[list[AnnouncedPhoto], Meta(max_length=9)]
    task_id: UUID | None = None
    written_at: Instant | None = None
    place: Place | None = None
    category: Category | None = None
