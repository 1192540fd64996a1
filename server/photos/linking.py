"""Links to photos: sealed for one person and at most five minutes. An address stands in logs, so it names nobody."""

from datetime import datetime
from uuid import UUID

from models import Person, Rendition
from server.gateways.sealing import KeyRing, SealBroken
from server.photos.refusals import LinkEnded

SECONDS = 300
STEP = 60  # within a minute a link stays the same, and so does the answer that it stands in
PATH = "/api/v1/renditions/{id}?to={to}"


def link(rendition: Rendition, *, to: Person, now: datetime, keys: KeyRing) -> str:
    """A path under which this person may fetch the rendition for four to five minutes from now."""
    until = (int(now.timestamp()) + SECONDS) // STEP * STEP
    sealed = keys.seal(f"{to.id} {until}", bound_to=_place(rendition.id), alike=True)
    return PATH.format(id=rendition.id, to=sealed)


def person_of_link(rendition_id: UUID, to: str, *, now: datetime, keys: KeyRing) -> UUID:
    """Whom a link was made for; raises LinkEnded unless we made it for this rendition and its time is not over."""
    try:
        person, until = keys.unseal(to, bound_to=_place(rendition_id)).split()
    except SealBroken as error:
        raise LinkEnded from error
    if not 0 <= int(until) - now.timestamp() <= SECONDS:
        raise LinkEnded
    return UUID(person)


def _place(rendition_id: UUID) -> str:
    return f"link:{rendition_id}"
