"""Signed links to a letter's pages and PDF: for the person who is reading it, and at most five minutes."""

from uuid import UUID

from sanic import Request

from models import Letter, Person, Session
from server.gateways.sealing import SealBroken
from server.kernel.clock import business_date
from server.people import Actor, actor_as
from server.photos.linking import SECONDS, STEP
from server.photos.refusals import LinkEnded
from server.web.door.admission import tools_of


def letter_link(request: Request, letter: Letter, place: str, *, to: Person) -> str:
    """Return a path under which this person may fetch a page or the PDF for four to five minutes from now."""
    tools = tools_of(request)
    until = (int(tools.clock.now().timestamp()) + SECONDS) // STEP * STEP
    sealed = tools.keys.seal(f"{to.id} {until}", bound_to=_bound(letter.id), alike=True)
    return f"/api/v1/letters/{letter.id}/{place}?to={sealed}"


async def actor_of_link(request: Request, letter_id: UUID, to: str) -> Actor:
    """Return the person a link was made for, while they are signed in; raises LinkEnded."""
    tools = tools_of(request)
    now = tools.clock.now()
    try:
        person_id, until = tools.keys.unseal(to, bound_to=_bound(letter_id)).split()
    except SealBroken as error:
        raise LinkEnded from error
    if not 0 <= int(until) - now.timestamp() <= SECONDS:
        raise LinkEnded
    signed_in = Session.filter(
        person_id=UUID(person_id), revoked_at=None, ends_at__gt=now, person__is_active=True
    )
    if not await signed_in.exists():
        raise LinkEnded
    return await actor_as(await Person.get(id=UUID(person_id)), on=business_date(now))


def _bound(letter_id: UUID) -> str:
    return f"letter:{letter_id}"
