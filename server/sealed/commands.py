"""The commands a phone sends for a sealed report; a command that could be built is valid."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from models.vocabulary import Anonymity, ObservationKind, PlaceSource
from server.kernel.clock import SHANGHAI
from server.observations import Place, SubmitObservation
from server.observations.commands import Text
from server.photos import AnnouncedPhoto

Name = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
AROUND_M = 100.0
DECIMALS = 3  # of a degree: 111 m north, 87 m east in Yinchuan


class NamedPhoto(Struct, frozen=True, forbid_unknown_fields=True):
    """A photo under a name derived from the phone's capability, so that the same picture elsewhere has another name."""

    name: Name
    bytes: Annotated[int, Meta(ge=1, le=10 * 1024 * 1024)]


class SubmitSealed(Struct, frozen=True, forbid_unknown_fields=True):
    """A sealed report: a ticket instead of a person, and no time of writing."""

    ticket: Annotated[str, Meta(min_length=1, max_length=40_000)]
    code: Annotated[str, Meta(min_length=24, max_length=60)]
    kind: ObservationKind
    text: Text
    photos: Annotated[list[NamedPhoto], Meta(min_length=1, max_length=9)]
    task_id: UUID | None = None
    place: Place | None = None


def as_observation(command: SubmitSealed) -> SubmitObservation:
    """Return the stored form of a sealed report: no ticket, no code, the place to a hundred metres. Pure."""
    return SubmitObservation(
        kind=command.kind,
        text=command.text,
        anonymity=Anonymity.SEALED,
        photos=[AnnouncedPhoto(one.name, one.bytes) for one in command.photos],
        task_id=command.task_id,
        place=coarse(command.place),
    )


def coarse(place: Place | None) -> Place | None:
    """Return a place as precisely as it is stored: neither the phone's exact position nor its source. Pure."""
    if place is None:
        return None
    return Place(
        round(place.latitude, DECIMALS),
        round(place.longitude, DECIMALS),
        place.datum,
        PlaceSource.MAP,
        AROUND_M,
        place.name,
    )


def hour_of(now: datetime) -> datetime:
    """Return the hour in which something arrived: all that is stored of its time. Pure."""
    return now.astimezone(SHANGHAI).replace(minute=0, second=0, microsecond=0)
