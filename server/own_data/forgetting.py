"""Letting leavers go: what nobody has decided on is withdrawn, then who reported is forgotten."""

from datetime import datetime

from models import Observation, Person
from models.vocabulary import ObservationState as S
from server import observations, people
from server.clock import business_date
from server.people import leaving
from server.work import deed

OPEN = (S.WAITING_MEDIA, S.RECEIVED, S.MORE_ASKED)


async def let_leavers_go(*, now: datetime) -> int:
    """Forget everybody whose seven days are over; returns how many. Safe to repeat."""
    leavers = await leaving.leaving_by(now)
    for person in leavers:
        await _let_go(person, now=now)
    return len(leavers)


@deed
async def _let_go(person: Person, *, now: datetime) -> None:
    visitor = await people.visitor_as(person, on=business_date(now))
    for one in await Observation.filter(reporter_id=person.id, state__in=OPEN):
        await observations.withdraw(client_id=one.client_id, by=visitor, now=now)
    await leaving.forget(person, now=now)
