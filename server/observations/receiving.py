"""Receiving a photo: it may come before or after the report that names it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models import Observation, Person, Photo
from models.vocabulary import ObservationState as S
from server import journal, photos, reporters
from server.gateways.storage import Kept, Storage
from server.kernel.unit_of_work import unit_of_work
from server.observations.submitting import SUBJECT


@dataclass(frozen=True)
class Received:
    """A photo that is here, whether it is new, and the reports that still miss others."""

    photo: Photo
    is_new: bool
    missing_in: list[UUID]  # client ids


@unit_of_work
async def receive_photo(
    kept: Kept,
    *,
    kind: str,
    by: Person,
    allowance: photos.Allowance,
    storage: Storage,
    now: datetime,
    report: UUID | None = None,
) -> Received:
    """Take a stored photo into the report of this client id, or else into all of the sender's that name it.

    The same photo again changes nothing.
    """
    await reporters.lock_reporter(by.id)
    named = await _named(kept.sha256, by=by, report=report)
    found, is_new = await photos.remember(
        kept, kind=kind, named=named, allowance=allowance, storage=storage, now=now
    )
    reports = [subject_id for kind, subject_id in named if kind == SUBJECT]
    waiting = await Observation.filter(id__in=reports, state=S.WAITING_MEDIA)
    missing_in = []
    for observation in waiting:
        if await photos.missing(observation.id):
            missing_in.append(observation.client_id)
        else:
            await _complete(observation)
    for photo in found if is_new else []:
        await journal.record("photo.received", photo, by=None, bytes=photo.bytes)
    return Received(found[0], is_new, missing_in)


async def _named(sha256: str, *, by: Person, report: UUID | None) -> list[tuple[str, UUID]]:
    """The sender's subjects that name a photo: the one report that was said, if it is among them."""
    named = await photos.subjects_naming(sha256, by=by)
    said = await Observation.get_or_none(client_id=report) if report else None
    return [(SUBJECT, said.id)] if said and (SUBJECT, said.id) in named else named


async def _complete(observation: Observation) -> None:
    observation.state = S.RECEIVED
    await observation.save(update_fields=["state"])
    await journal.record("observation.completed", observation, by=None)
