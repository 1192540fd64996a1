"""Who may chair a meeting: the leading officials of the city."""

from uuid import UUID

from models import Person
from models.vocabulary import Role
from server.kernel.refusal import NoSuchThing


async def chairs() -> list[Person]:
    """Return the active leading officials, by designation."""
    found = Person.filter(is_active=True, duties__role=Role.LEADING_OFFICIAL).distinct()
    return await found.order_by("designation", "id")


async def check_chair(person_id: UUID | None) -> None:
    """Raise NoSuchThing unless this is nobody or a leading official."""
    if person_id is None:
        return
    if not await Person.exists(id=person_id, is_active=True, duties__role=Role.LEADING_OFFICIAL):
        raise NoSuchThing
