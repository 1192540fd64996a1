"""Claiming a report: it belongs to one reviewer for ten minutes, and the others see who that is (REV-03)."""

from datetime import datetime, timedelta
from uuid import UUID

from models import Observation, Person
from server.kernel.clock import SHANGHAI
from server.kernel.unit_of_work import unit_of_work
from server.observations.reading import OPEN, observation_reviewed_by
from server.observations.refusals import AlreadyDecided, Claimed
from server.people import Actor

MINUTES = 10


@unit_of_work
async def claim(observation_id: UUID, *, by: Actor, now: datetime) -> Observation:
    """Claim a report or renew the claim, and release the actor's other claims.

    This is not a step of the ledger, so it writes no journal entry. Raises Claimed with the other reviewer's name,
    or AlreadyDecided.
    """
    await observation_reviewed_by(by, observation_id)
    observation = await Observation.select_for_update().get(id=observation_id)
    if observation.state not in OPEN:
        raise AlreadyDecided(state=observation.state, legal=[])
    await check_claim(observation, by=by, now=now)
    others = Observation.filter(claimed_by_id=by.person.id).exclude(id=observation_id)
    await others.update(claimed_by_id=None, claimed_until=None)
    observation.claimed_by_id, observation.claimed_until = by.person.id, now + timedelta(minutes=MINUTES)
    await observation.save(update_fields=["claimed_by_id", "claimed_until"])
    return observation


@unit_of_work
async def let_go(observation_id: UUID, *, by: Actor) -> None:
    """Release a claim before its ten minutes are over."""
    mine = Observation.filter(id=observation_id, claimed_by_id=by.person.id)
    await mine.update(claimed_by_id=None, claimed_until=None)


def in_other_hands(observation: Observation, *, of: Actor, now: datetime) -> UUID | None:
    """Return the id of the other person who has claimed a report, or None. Pure."""
    is_over = observation.claimed_until is None or observation.claimed_until <= now
    return None if is_over or observation.claimed_by_id == of.person.id else observation.claimed_by_id


async def check_claim(observation: Observation, *, by: Actor, now: datetime) -> None:
    """Raise Claimed if another person has claimed the report."""
    holder = in_other_hands(observation, of=by, now=now)
    if holder is None or observation.claimed_until is None:
        return
    other = await Person.get(id=holder)
    until = observation.claimed_until.astimezone(SHANGHAI)
    raise Claimed(
        f"{other.designation}正在审核这一条。",
        claimed_by=other.designation,
        until=f"{until:%H:%M}",
    )
