"""Entering: once an hour all sealed arrivals get their row and their journal entry, in random order.

Neither the order of rows nor that of the journal, nor anything that reacts to it, tells which came first or at what
minute. What the requests themselves wrote is written again, since transaction numbers would line up with others' times.
"""

import random
from uuid import UUID

from tortoise.expressions import F

from models import Observation, SealedAccess, SealedArrival
from models.vocabulary import ObservationState as S
from server import journal, photos
from server.kernel.unit_of_work import unit_of_work
from server.sealed import envelopes
from server.sealed.reading import as_observation

dice = random.SystemRandom()


async def enter_arrivals() -> int:
    """Submit all arrivals to the office and return how many reports were entered; safe to repeat."""
    arrivals = await SealedArrival.all().only("observation_id")
    dice.shuffle(arrivals)
    for arrival in arrivals:
        await _enter(arrival)
    late = list(await photos.subjects_waiting())
    dice.shuffle(late)
    for observation_id in late:
        await _enter_late(observation_id)
    return len(arrivals)


@unit_of_work
async def _enter(arrival: SealedArrival) -> None:
    kept = await SealedArrival.filter(observation_id=arrival.observation_id).select_for_update().first()
    if kept is None:
        return
    observation = await as_observation(kept)
    await observation.save(force_create=True)
    await kept.delete()
    await photos.enter_sealed(observation.id)
    await _write_anew(observation.id)
    told = {
        "photos": len(observation.body.get("photos", [])),
        "envelope": await envelopes.digest_of(observation.id),
    }
    await journal.record("observation.submitted", observation, by=None, **told)


@unit_of_work
async def _enter_late(observation_id: UUID) -> None:
    """Enter photos that came after their report; those of the current hour wait until it is over."""
    observation = await Observation.filter(id=observation_id).select_for_update().first()
    if observation is None:
        return
    for photo in await photos.enter_sealed(observation_id):
        await journal.record("photo.received", photo, by=None, bytes=photo.bytes)
    if observation.state is S.WAITING_MEDIA and not await photos.missing(observation_id):
        observation.state = S.RECEIVED
        await observation.save(update_fields=["state"])
        await journal.record("observation.completed", observation, by=None)


async def _write_anew(observation_id: UUID) -> None:
    await envelopes.write_anew(observation_id)
    await SealedAccess.filter(observation_id=observation_id).update(recovery_key=F("recovery_key"))
