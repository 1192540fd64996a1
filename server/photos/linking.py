"""Links to photos: sealed for one person and at most five minutes. Logs contain addresses, so a link names nobody."""

from datetime import datetime
from uuid import UUID

from models import Person, Rendition
from server.gateways.sealing import KeyRing, SealBroken
from server.photos.refusals import LinkEnded

SECONDS = 300
STEP = 60  # seconds: within a minute a link stays the same, and so does the response that contains it
PATH = "/api/v1/renditions/{id}?to={to}"


def link(rendition: Rendition, *, to: Person, now: datetime, keys: KeyRing) -> str:
    """Return a path under which this person may fetch the rendition for four to five minutes from now."""
    until = (int(now.timestamp()) + SECONDS) // STEP * STEP
    sealed = keys.seal(f"{to.id} {until}", bound_to=_place(rendition.id), alike=True)
    return PATH.format(id=rendition.id, to=sealed)


def person_of_link(rendition_id: UUID, to: str, *, now: datetime, keys: KeyRing) -> UUID:
    """Return the person a link was made for; raises LinkEnded if it is forged, expired, or for another rendition."""
    try:
        person, until = keys.unseal(to, bound_to=_place(rendition_id)).split()
    except SealBroken as error:
        raise LinkEnded from error
    if not 0 <= int(until) - now.timestamp() <= SECONDS:
        raise LinkEnded
    return UUID(person)


def _place(rendition_id: UUID) -> str:
    return f"link:{rendition_id}"
