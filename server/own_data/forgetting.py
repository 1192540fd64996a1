"""Forgetting people who leave: their undecided reports are withdrawn, then their identity is deleted."""

import random
from datetime import datetime

from models import Observation, Person
from models.vocabulary import ObservationState as S
from server import observations, people, reporters
from server.kernel.clock import business_date
from server.kernel.unit_of_work import unit_of_work
from server.people import leaving

OPEN = (S.WAITING_MEDIA, S.RECEIVED, S.MORE_ASKED)


async def let_leavers_go(*, now: datetime) -> int:
    """Forget everybody whose seven days are over and return how many. Safe to repeat.

    The reports of all leavers come first, in random order, the people after, so that no change to a report stands next
    to a person.
    """
    leavers = await leaving.leaving_by(now)
    for person in leavers:
        await people.revoke_all(person, now=now)
    await _withdraw_open(leavers, now=now)
    for person in leavers:
        await _cut_ties(person)
    for person in leavers:
        await leaving.forget(person)
    return len(leavers)


async def _withdraw_open(leavers: list[Person], *, now: datetime) -> None:
    found = []
    for person in leavers:
        mine = await reporters.mine(person.id)
        found += [(person, one) for one in await Observation.filter(id__in=mine, state__in=OPEN)]
    random.shuffle(found)
    for person, one in found:
        actor = await people.actor_as(person, on=business_date(now))
        await observations.withdraw(client_id=one.client_id, by=actor, now=now)


@unit_of_work
async def _cut_ties(person: Person) -> None:
    await reporters.lock_reporter(person.id)
    await reporters.forget(person.id)
