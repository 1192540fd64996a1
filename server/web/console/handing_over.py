"""Handing over: what a person holds, who may take it over, and the one action that moves it."""

from typing import Literal
from uuid import UUID

from msgspec import Struct
from sanic import Blueprint, HTTPResponse, Request

from server import people, staffing
from server.kernel.clock import business_date
from server.people import Permission
from server.web.console.pages import go_to, page
from server.web.console.reading_forms import read_form
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_handing_over", url_prefix="/people")

SEE, MANAGE = desk(Permission.MANAGE_PEOPLE), desk(Permission.MANAGE_PEOPLE, csrf=True)


class HandOver(Struct, frozen=True):
    """The successor (none, if there is nothing to hand over), and whether the person leaves."""

    to: UUID | None = None
    leaves: Literal["on", ""] = ""


@blueprint.get("/<person_id:uuid>/hand-over", name="preview", ctx_guard=SEE)
async def show(request: Request, person_id: UUID) -> HTTPResponse:
    """Show what would move, before anything does."""
    person = await people.person_on_roster(actor_of(request), person_id)
    work = await staffing.work_of(person)
    today = business_date(tools_of(request).clock.now())
    successors = await staffing.successors_of(person, work, on=today) if work else []
    return await page(request, "people/hand_over.html", person=person, work=work, successors=successors)


@blueprint.post("/<person_id:uuid>/hand-over", name="hand_over", ctx_guard=MANAGE)
async def hand_over(request: Request, person_id: UUID) -> HTTPResponse:
    """Move everything to one successor."""
    typed, actor = read_form(request, HandOver), actor_of(request)
    person = await people.person_on_roster(actor, person_id)
    to = await people.person_on_roster(actor, typed.to) if typed.to else None
    now = tools_of(request).clock.now()
    await staffing.hand_over(person, to=to, leaves=typed.leaves == "on", by=actor, now=now)
    return go_to(request, f"/console/people/{person.id}")


@blueprint.post("/<person_id:uuid>/duties/<duty_id:uuid>/ending", name="end_duty", ctx_guard=MANAGE)
async def end_duty(request: Request, person_id: UUID, duty_id: UUID) -> HTTPResponse:
    """End one duty at once."""
    actor = actor_of(request)
    person = await people.person_on_roster(actor, person_id)
    await staffing.end_duty(person, duty_id, by=actor, now=tools_of(request).clock.now())
    return go_to(request, f"/console/people/{person.id}")
