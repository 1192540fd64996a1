"""Organisations and people, read-only for everybody with the duty: roster, tree, and who may do what."""

from urllib.parse import urlencode
from uuid import UUID

from sanic import Blueprint, HTTPResponse, Request

from models import Person
from models.vocabulary import Role
from server import people
from server.kernel.clock import business_date
from server.people import GRANTS, Contacts, Permission, RosterFilter, may
from server.web.console.pages import page
from server.web.console.reading_forms import read_filter
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_people", url_prefix="/people")

SEE = desk(Permission.SEE_PEOPLE)


@blueprint.get("/", name="roster", ctx_guard=SEE)
async def show_roster(request: Request) -> HTTPResponse:
    """Show people with their duties; citizens are never listed."""
    actor, wanted = actor_of(request), read_filter(request, RosterFilter)
    found = await people.roster(actor, wanted)
    shown = found[: wanted.limit]
    return await page(
        request,
        "people/roster.html",
        people=shown,
        wanted=wanted,
        total=await people.count_of_roster(actor, wanted),
        next_page=_address(wanted, after=shown[-1].id) if len(found) > wanted.limit else None,
        roles=[role for role in Role if role is not Role.CITIZEN],
        tree=await people.organisation_tree(),
    )


@blueprint.get("/organisations", name="organisations", ctx_guard=SEE)
async def show_organisations(request: Request) -> HTTPResponse:
    """Show the tree of organisations."""
    tree = await people.organisation_tree(with_closed=True)
    return await page(request, "people/organisations.html", tree=tree)


@blueprint.get("/duties", name="duties", ctx_guard=SEE)
async def show_duties(request: Request) -> HTTPResponse:
    """Show who may do what and how far: the same table that the server enforces (ADM-02)."""
    return await page(
        request, "people/duties.html", may=GRANTS, permissions=list(Permission), roles=list(Role)
    )


@blueprint.get("/<person_id:uuid>", name="person", ctx_guard=SEE)
async def show_person(request: Request, person_id: UUID) -> HTTPResponse:
    """Show one person: their duties, and how they sign in."""
    now = tools_of(request).clock.now()
    person = await people.person_on_roster(actor_of(request), person_id)
    return await page(
        request,
        "people/person.html",
        person=person,
        is_tied=await people.is_tied(person, on=business_date(now)),
        login=await people.login_of(person),
        invitation=await people.open_invitation_of(person, now=now),
        sessions=await people.sessions_of(person, now=now),
        roles=[role for role in Role if role is not Role.CITIZEN],
        tree=await people.organisation_tree(),
        today=business_date(now),
        substitutions=await people.substitutions_of(person, on=business_date(now)),
        contacts=await _contacts(request, person),
    )


async def _contacts(request: Request, person: Person) -> Contacts | None:
    """Return how a person is reached, for those who may change it."""
    if not may(actor_of(request).duties, Permission.MANAGE_PEOPLE):
        return None
    return await people.contacts_of(person, keys=tools_of(request).keys)


def _address(wanted: RosterFilter, *, after: UUID) -> str:
    values = {"q": wanted.q, "role": wanted.role, "organisation_id": wanted.organisation_id, "after": after}
    return f"/console/people?{urlencode({name: str(value) for name, value in values.items() if value})}"
