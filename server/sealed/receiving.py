"""Receiving a photo of a sealed report under a name that only its capability makes, without traces of the file."""

from collections.abc import AsyncIterable
from datetime import datetime

from models import SealedAccess
from server import photos
from server.gateways.sealing import KeyRing
from server.gateways.storage import Storage
from server.kernel.clock import SHANGHAI
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.observations.submitting import SUBJECT


async def receive_photo(
    access: SealedAccess,
    chunks: AsyncIterable[bytes],
    *,
    name: str,
    sha256: str,
    storage: Storage,
    keys: KeyRing,
    now: datetime,
) -> list[str]:
    """Store a photo that the report names and return the names still missing; the same photo again changes nothing.

    It is entered when the hour is over, also when the report has been entered before.
    Raises NoSuchThing for a name that is not in the report, and what photos.store raises.
    """
    if not await photos.is_announced(name, subject_id=access.observation_id):
        raise NoSuchThing
    midnight = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    kept = await photos.store_sealed(
        chunks, name=name, sha256=sha256, dated=midnight, storage=storage, keys=keys
    )
    return await _note(access, kept, at=midnight)


@unit_of_work
async def _note(access: SealedAccess, kept: photos.Kept, *, at: datetime) -> list[str]:
    await photos.remember_sealed(kept, subject_kind=SUBJECT, subject_id=access.observation_id, at=at)
    return await photos.missing(access.observation_id)
