"""Handing a report over to another office that is responsible for it, together with its promised date."""

from datetime import datetime
from uuid import UUID

from models import Observation, Organisation
from server import journal
from server.kernel.unit_of_work import unit_of_work
from server.observations.refusals import NoSuchOffice
from server.observations.reviewing import take
from server.people import Actor


async def offices_beside(observation: Observation) -> list[Organisation]:
    """Return the other offices that review reports, in tree order."""
    others = Organisation.filter(series__isnull=False).exclude(series="").exclude(id=observation.office_id)
    return await others.order_by("sort_order", "code")


@unit_of_work
async def hand_over(
    observation_id: UUID, *, version: int, office_id: UUID, reason: str, by: Actor, now: datetime
) -> Observation:
    """Hand a report over to another reform office, which reviews it and gives it a number of its own."""
    observation = await take(observation_id, version=version, by=by, now=now)
    office = await Organisation.get_or_none(id=office_id)
    if office is None or not office.series or office.id == observation.office_id:
        raise NoSuchOffice
    observation.office_id = office.id
    observation.claimed_by_id, observation.claimed_until = None, None
    observation.version += 1
    await observation.save()
    await journal.record(
        "observation.handed_over", observation, by=by.person, office=office.short_name, reason=reason
    )
    return observation
