"""Receiving a photo: it may come before or after the report that names it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models import Observation, Person, Photo
from models.vocabulary import ObservationState as S
from server import journal, photos, reporters
from server.gateways.storage import Kept
from server.observations.submitting import SUBJECT
from server.work import deed


@dataclass(frozen=True)
class Received:
    """A photo that is here, whether it is new, and the reports that still miss others."""

    photo: Photo
    is_new: bool
    missing_in: list[UUID]  # client ids


@deed
async def receive_photo(
    kept: Kept, *, kind: str, by: Person, allowance: photos.Allowance, now: datetime
) -> Received:
    """Take a stored photo into every report that waits for it; the same photo again changes nothing."""
    await reporters.stand_in_line(by.id)
    photo, is_new = await photos.remember(kept, kind=kind, by=by, allowance=allowance, now=now)
    waiting = await Observation.filter(
        id__in=await photos.subjects_naming(kept.sha256, by=by, kind=SUBJECT), state=S.WAITING_MEDIA
    )
    missing_in = []
    for observation in waiting:
        if await photos.missing(observation.id):
            missing_in.append(observation.client_id)
        else:
            await _complete(observation)
    if is_new:
        await journal.record("photo.received", photo, by=None, bytes=photo.bytes)
    return Received(photo, is_new, missing_in)


async def _complete(observation: Observation) -> None:
    observation.state = S.RECEIVED
    await observation.save(update_fields=["state"])
    await journal.record("observation.completed", observation, by=None)
