"""Managing people: add to the roster, give duties, invite, create console logins, sign out everywhere.

Codes and secrets are shown only in the answer to the action and stored nowhere.
"""

from typing import Annotated, Any
from uuid import UUID

from markupsafe import Markup
from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models import Organisation, Person
from models.vocabulary import Role, Scope
from server import people
from server.gateways import qrcode
from server.kernel.clock import business_date
from server.people import Contacts, NewSubstitute, Permission
from server.people.enrolling import random_password
from server.web.console.pages import go_to, is_part, page
from server.web.console.reading_forms import read_form
from server.web.console.refusals import NotACitizen
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_managing_people", url_prefix="/people")

MANAGE = desk(Permission.MANAGE_PEOPLE, csrf=True)
Designation = Annotated[str, Meta(min_length=1, max_length=40)]
Title = Annotated[str, Meta(max_length=60)]
Username = Annotated[str, Meta(pattern="^[a-z][a-z0-9._-]{2,39}$")]


class NewDuty(Struct, frozen=True, kw_only=True):
    """A role, its scope (the role's usual one if not given) and its unit."""

    role: Role
    scope: Scope | None = None
    organisation_id: UUID | None = None
    title: Title = ""


class NewPerson(NewDuty, frozen=True, kw_only=True):
    """A person for the roster with a first duty; the real name is stored sealed."""

    designation: Designation
    real_name: Annotated[str, Meta(max_length=40)] | None = None


class NewUsername(Struct, frozen=True):
    """The name the person will sign in with."""

    username: Username


@blueprint.get("/new", name="new", ctx_guard=desk(Permission.MANAGE_PEOPLE))
async def start(request: Request) -> HTTPResponse:
    """Show the form for a new person."""
    return await page(request, "people/new.html", roles=_roles(), tree=await people.organisation_tree())


@blueprint.post("/", name="add", ctx_guard=MANAGE)
async def add(request: Request) -> HTTPResponse:
    """Add a person to the roster."""
    typed, tools = read_form(request, NewPerson), tools_of(request)
    person = await people.add_person(
        typed.designation,
        role=_official(typed.role),
        by=actor_of(request).person,
        now=tools.clock.now(),
        keys=tools.keys,
        organisation=await _unit(typed.organisation_id),
        title=typed.title,
        real_name=typed.real_name,
        scope=typed.scope,
    )
    return _to_person(request, person)


@blueprint.post("/<person_id:uuid>/duties", name="give_duty", ctx_guard=MANAGE)
async def give_duty(request: Request, person_id: UUID) -> HTTPResponse:
    """Give one more duty from today on."""
    typed, actor = read_form(request, NewDuty), actor_of(request)
    person = await people.person_on_roster(actor, person_id)
    await people.give_duty(
        person,
        role=_official(typed.role),
        by=actor.person,
        now=tools_of(request).clock.now(),
        organisation=await _unit(typed.organisation_id),
        scope=typed.scope,
        title=typed.title,
    )
    return _to_person(request, person)


@blueprint.post("/<person_id:uuid>/invitation", name="invite", ctx_guard=MANAGE)
async def invite(request: Request, person_id: UUID) -> HTTPResponse:
    """Issue a new invitation; its code is shown only now, and earlier invitations end."""
    actor = actor_of(request)
    person = await people.person_on_roster(actor, person_id)
    code = await people.invite(person, by=actor.person, now=tools_of(request).clock.now())
    return await _once(request, "people/invited.html", person=person, code=code, drawing=_drawn(code))


@blueprint.post("/<person_id:uuid>/account/untying", name="untie", ctx_guard=MANAGE)
async def untie(request: Request, person_id: UUID) -> HTTPResponse:
    """Remove a lost or passed-on WeChat account from a person, so that they can be invited with another."""
    actor = actor_of(request)
    person = await people.person_on_roster(actor, person_id)
    await people.untie_account(person, by=actor.person, now=tools_of(request).clock.now())
    return _to_person(request, person)


@blueprint.post("/<person_id:uuid>/login", name="give_login", ctx_guard=MANAGE)
async def give_login(request: Request, person_id: UUID) -> HTTPResponse:
    """Create a console login; password and secret are shown only now."""
    typed, actor, tools = read_form(request, NewUsername), actor_of(request), tools_of(request)
    person = await people.person_on_roster(actor, person_id)
    password = random_password()
    login = await people.give_console_login(
        person, username=typed.username, password=password, by=actor.person, keys=tools.keys
    )
    drawing = _drawn(login.otpauth("督察通"))
    return await _once(
        request, "people/login_given.html", person=person, login=login, password=password, drawing=drawing
    )


@blueprint.post("/<person_id:uuid>/sign-in-link", name="introduce", ctx_guard=MANAGE)
async def introduce(request: Request, person_id: UUID) -> HTTPResponse:
    """Issue a link that makes one more browser known; it is shown only now."""
    actor, tools = actor_of(request), tools_of(request)
    person = await people.person_on_roster(actor, person_id)
    query = await people.introduce(person, by=actor.person, keys=tools.keys, now=tools.clock.now())
    link = f"{tools.settings.public_url}/console/sign-in?{query}"
    return await _once(request, "people/introduced.html", person=person, link=link)


@blueprint.post("/<person_id:uuid>/sessions/end", name="end_sessions", ctx_guard=MANAGE)
async def end_sessions(request: Request, person_id: UUID) -> HTTPResponse:
    """Sign a person out everywhere, at once."""
    actor = actor_of(request)
    person = await people.person_on_roster(actor, person_id)
    await people.end_sessions(person, by=actor.person, now=tools_of(request).clock.now())
    return _to_person(request, person)


@blueprint.post("/<person_id:uuid>/contacts", name="keep_contacts", ctx_guard=MANAGE)
async def keep_contacts(request: Request, person_id: UUID) -> HTTPResponse:
    """Store a person's work mail and WeCom member, for reminders that were not read on the phone."""
    typed, actor = read_form(request, Contacts), actor_of(request)
    person = await people.person_on_roster(actor, person_id)
    await people.keep_contacts(person, typed, by=actor, keys=tools_of(request).keys)
    return _to_person(request, person)


@blueprint.post("/<person_id:uuid>/substitutes", name="arrange_substitute", ctx_guard=MANAGE)
async def arrange_substitute(request: Request, person_id: UUID) -> HTTPResponse:
    """Let somebody stand in for a person, always or during a leave."""
    typed, actor = read_form(request, NewSubstitute), actor_of(request)
    person = await people.person_on_roster(actor, person_id)
    await people.arrange_substitute(person, typed, by=actor)
    return _to_person(request, person)


@blueprint.post(
    "/<person_id:uuid>/substitutes/<substitution_id:uuid>/ending", name="end_substitute", ctx_guard=MANAGE
)
async def end_substitute(request: Request, person_id: UUID, substitution_id: UUID) -> HTTPResponse:
    """End a substitution at once."""
    actor, today = actor_of(request), business_date(tools_of(request).clock.now())
    person = await people.person_on_roster(actor, person_id)
    await people.end_substitute(person, substitution_id, by=actor, on=today)
    return _to_person(request, person)


def _roles() -> list[Role]:
    return [role for role in Role if role is not Role.CITIZEN]


def _official(role: Role) -> Role:
    if role is Role.CITIZEN:
        raise NotACitizen
    return role


async def _unit(organisation_id: UUID | None) -> Organisation | None:
    return await people.organisation(organisation_id) if organisation_id else None


def _drawn(text: str) -> Markup:
    return Markup(qrcode.as_svg(text))  # noqa: S704 - drawn by our own gateway from black and white squares


async def _once(request: Request, template: str, **shown: Any) -> HTTPResponse:
    frame = "parts/bare.html" if is_part(request) else "base.html"
    return await page(request, template, frame=frame, **shown)


def _to_person(request: Request, person: Person) -> HTTPResponse:
    return go_to(request, f"/console/people/{person.id}")
