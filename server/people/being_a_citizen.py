"""Becoming a citizen again: a person without duties returns as a new citizen, separate from the roster."""

from datetime import date
from secrets import token_hex

from tortoise.expressions import Q

from models import Duty, InboxMessage, Person
from models.vocabulary import Role, Scope
from server import reporters
from server.gateways.sealing import KeyRing
from server.kernel.unit_of_work import unit_of_work
from server.people import identities

OWN = "observation"  # messages about a person's own reports


async def serves(person: Person, *, on: date) -> bool:
    """Return whether a person is active and holds a duty on a day."""
    holds = Duty.filter(person_id=person.id, since_on__lte=on)
    return person.is_active and await holds.filter(Q(until_on=None) | Q(until_on__gte=on)).exists()


async def new_citizen(openid: str, *, keys: KeyRing, on: date) -> Person:
    """Create a citizen with a random designation, bound to a WeChat account. Raises IntegrityError if that is bound.

    Nothing is written to the journal, where the entry would stand next to their first report.
    """
    person = await Person.create(designation=f"群众{token_hex(3).upper()}", created_on=on)
    await Duty.create(person=person, role=Role.CITIZEN, scope=Scope.OWN, since_on=on)
    await identities.bind(person, keys=keys, openid=openid)
    return person


@unit_of_work
async def become_citizen_again(former: Person, openid: str, *, keys: KeyRing, on: date) -> Person:
    """Move a WeChat account from a former member to a new citizen, along with their own reports; office work stays.

    This happens only at their first sign-in afterwards and leaves no journal entry, so that nothing links the citizen
    to the day on which a member left.
    """
    locked = await Person.select_for_update().get(id=former.id)
    bound = await identities.person_of_openid(openid, keys=keys)
    if bound and bound.id != locked.id:  # another sign-in at the same moment was faster
        return bound
    await identities.untie(locked.id)
    citizen = await new_citizen(openid, keys=keys, on=on)
    await reporters.hand_over(locked.id, to=citizen.id)
    await InboxMessage.filter(person_id=locked.id, subject_kind=OWN).update(person_id=citizen.id)
    return citizen
