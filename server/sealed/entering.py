"""Entering: once an hour everything that came under seal gets its row and its journal entry, in mixed order.

Neither the order of rows nor that of the journal, nor what reacts to it, tells which came first or at what minute.
"""

import random

from models import SealedArrival
from server import journal
from server.sealed import envelopes
from server.sealed.reading import as_observation
from server.work import deed

dice = random.SystemRandom()


async def enter_arrivals() -> int:
    """Put what has come before the office; safe to repeat. Returns how many were entered."""
    arrivals = await SealedArrival.all().only("observation_id")
    dice.shuffle(arrivals)
    for arrival in arrivals:
        await _enter(arrival)
    return len(arrivals)


@deed
async def _enter(arrival: SealedArrival) -> None:
    kept = await SealedArrival.filter(observation_id=arrival.observation_id).select_for_update().first()
    if kept is None:
        return
    observation = await as_observation(kept)
    await observation.save(force_create=True)
    await kept.delete()
    told = {
        "photos": len(observation.body.get("photos", [])),
        "envelope": await envelopes.digest_of(observation.id),
    }
    await journal.record("observation.submitted", observation, by=None, **told)
