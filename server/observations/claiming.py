"""Claiming: a reviewer has one report in hand for ten minutes; others see whose it is (REV-03)."""

from datetime import datetime, timedelta
from uuid import UUID

from models import Observation, Person
from server.clock import SHANGHAI
from server.observations.reading import observation_reviewed_by
from server.observations.refusals import Claimed
from server.people import Visitor
from server.work import deed

MINUTES = 10


@deed
async def claim(observation_id: UUID, *, by: Visitor, now: datetime) -> Observation:
    """Take a report in hand, or renew it; raises Claimed with the other's name. No step, so no journal entry."""
    await observation_reviewed_by(by, observation_id)
    observation = await Observation.select_for_update().get(id=observation_id)
    await check_claim(observation, by=by, now=now)
    observation.claimed_by_id, observation.claimed_until = by.person.id, now + timedelta(minutes=MINUTES)
    await observation.save(update_fields=["claimed_by_id", "claimed_until"])
    return observation


@deed
async def let_go(observation_id: UUID, *, by: Visitor) -> None:
    """Put a report back into the line before the ten minutes are over."""
    mine = Observation.filter(id=observation_id, claimed_by_id=by.person.id)
    await mine.update(claimed_by_id=None, claimed_until=None)


async def check_claim(observation: Observation, *, by: Visitor, now: datetime) -> None:
    """Raise Claimed while another person has the report in hand."""
    if observation.claimed_until is None or observation.claimed_until <= now:
        return
    if observation.claimed_by_id in (None, by.person.id):
        return
    other = await Person.get(id=observation.claimed_by_id)
    until = observation.claimed_until.astimezone(SHANGHAI)
    raise Claimed(
        f"{other.designation}正在审核这一条。",
        claimed_by=other.designation,
        until=f"{until:%H:%M}",
    )
