"""Managing the tree of organisations: add, rename, move and close units."""

import secrets
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models.vocabulary import OrganisationKind
from server import journal, people, staffing
from server.notifications.inbox import tell
from server.people import Permission
from server.web.console.pages import go_to, page
from server.web.console.reading_forms import read_form
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_managing_organisations", url_prefix="/people/organisations")

SEE, MANAGE = desk(Permission.SEE_PEOPLE), desk(Permission.MANAGE_PEOPLE, csrf=True)
LIST = "/console/people/organisations"
Name = Annotated[str, Meta(min_length=2, max_length=80)]
ShortName = Annotated[str, Meta(max_length=20)]


class NewNames(Struct, frozen=True, kw_only=True):
    """The names of a unit; without a short name, the full one is used."""

    name: Name
    short_name: ShortName = ""


class NewUnit(NewNames, frozen=True, kw_only=True):
    """A new unit: its kind, its parent, and the prefix of its ledger numbers if it registers problems."""

    kind: OrganisationKind
    below: UUID
    series: Annotated[str, Meta(max_length=12)] | None = None


class NewPlace(Struct, frozen=True):
    """The new parent of a unit."""

    below: UUID


@blueprint.get("/new", name="new", ctx_guard=desk(Permission.MANAGE_PEOPLE))
async def start(request: Request) -> HTTPResponse:
    """Show the form for a new unit."""
    tree = await people.organisation_tree()
    return await page(request, "people/new_organisation.html", tree=tree, kinds=OrganisationKind)


@blueprint.post("/", name="add", ctx_guard=MANAGE)
async def add(request: Request) -> HTTPResponse:
    """Add a unit below another; its code is assigned here and never changes."""
    typed = read_form(request, NewUnit)
    unit = await people.add_organisation(
        typed.name,
        code=f"u{secrets.token_hex(4)}",
        kind=typed.kind,
        by=actor_of(request).person,
        short_name=typed.short_name or typed.name[:20],
        parent=await people.organisation(typed.below),
        series=typed.series,
    )
    return go_to(request, f"{LIST}/{unit.id}")


@blueprint.get("/<organisation_id:uuid>", name="organisation", ctx_guard=SEE)
async def show(request: Request, organisation_id: UUID) -> HTTPResponse:
    """Show a unit: its kind, staff, history and the possible actions."""
    unit = await people.organisation(organisation_id)
    return await page(
        request,
        "people/organisation.html",
        unit=unit,
        parent=await people.organisation(unit.parent_id) if unit.parent_id else None,
        people=await people.people_of_unit(actor_of(request), unit.id),
        tree=[(depth, one) for depth, one in await people.organisation_tree() if one.id != unit.id],
        deeds=await tell(await journal.timeline(unit.id)),
    )


@blueprint.post("/<organisation_id:uuid>/name", name="rename", ctx_guard=MANAGE)
async def rename(request: Request, organisation_id: UUID) -> HTTPResponse:
    """Rename a unit."""
    typed, unit = read_form(request, NewNames), await people.organisation(organisation_id)
    short_name = typed.short_name or typed.name[:20]
    await people.rename_organisation(
        unit, name=typed.name, short_name=short_name, by=actor_of(request).person
    )
    return go_to(request, f"{LIST}/{unit.id}")


@blueprint.post("/<organisation_id:uuid>/place", name="move", ctx_guard=MANAGE)
async def move(request: Request, organisation_id: UUID) -> HTTPResponse:
    """Move a unit below another."""
    below = read_form(request, NewPlace).below
    unit, parent = await people.organisation(organisation_id), await people.organisation(below)
    await people.move_organisation(unit, below=parent, by=actor_of(request).person)
    return go_to(request, f"{LIST}/{unit.id}")


@blueprint.post("/<organisation_id:uuid>/closing", name="close", ctx_guard=MANAGE)
async def close(request: Request, organisation_id: UUID) -> HTTPResponse:
    """Close a unit that nothing depends on."""
    unit = await people.organisation(organisation_id)
    await staffing.close_organisation(unit, by=actor_of(request), now=tools_of(request).clock.now())
    return go_to(request, f"{LIST}/{unit.id}")
