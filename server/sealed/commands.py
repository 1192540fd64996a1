"""What a phone sends of a sealed report; once a command exists, it is valid."""

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
    """A photo by the name that the phone's capability gives it: the same picture elsewhere has another."""

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
    """What is kept of a sealed report: no ticket, no code, the place to a hundred metres. Pure."""
    return SubmitObservation(
        kind=command.kind,
        text=command.text,
        anonymity=Anonymity.SEALED,
        photos=[AnnouncedPhoto(one.name, one.bytes) for one in command.photos],
        task_id=command.task_id,
        place=coarse(command.place),
    )


def coarse(place: Place | None) -> Place | None:
    """A place as far as it is kept: no phone's exact spot, and not how it knew. Pure."""
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
    """The hour in which something came: all that is kept of its time. Pure."""
    return now.astimezone(SHANGHAI).replace(minute=0, second=0, microsecond=0)
