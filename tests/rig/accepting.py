"""Accepts reports concurrently through the command: `python -m tests.rig.accepting REVIEWER OBSERVATION…`."""

import asyncio
import sys
from uuid import UUID, uuid4

from tortoise import Tortoise

from models import Observation, Person
from models.config import tortoise_config
from models.vocabulary import ObservationKind
from server import observations, reporters
from server.kernel.clock import SystemClock
from server.kernel.unit_of_work import Busy, DatabaseAway
from server.ledger import NewItem
from server.people import Actor, HeldDuty
from server.settings import read_settings
from server.tools import key_ring, mark_keys


async def main(reviewer: str, *ids: str) -> None:
    """Accept the reports, retrying each while others hold the row it needs."""
    settings = read_settings()
    reporters.unlock(mark_keys(settings), ring=key_ring(settings))
    await Tortoise.init(config=tortoise_config(settings.database_url))
    person = await Person.get(id=reviewer).prefetch_related("duties__organisation")
    held = [
        HeldDuty(duty.role, duty.scope, duty.organisation_id, duty.organisation.path)
        for duty in person.duties
    ]
    actor = Actor(person, held, uuid4())
    await asyncio.gather(*(accept(UUID(one), by=actor) for one in ids))
    await Tortoise.close_connections()


async def accept(observation_id: UUID, *, by: Actor) -> None:
    """Accept one report in its current version, and retry where the console would say that nothing was saved."""
    version = (await Observation.get(id=observation_id)).version
    new = NewItem(title="现场发现的问题", kind=ObservationKind.PROBLEM)
    while True:
        try:
            await observations.accept(
                observation_id, version=version, new=new, by=by, now=SystemClock().now()
            )
            return
        except (Busy, DatabaseAway):
            continue


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
