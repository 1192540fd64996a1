"""The catalogue of reasons: current and earlier wordings, and the forms to add, reword and retire them."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models.vocabulary import ReasonUse
from server import people, reasons
from server.people import Permission
from server.reasons import NewReason
from server.web.console.pages import go_to, page
from server.web.console.reading_forms import read_form
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_reasons", url_prefix="/reasons")

SEE, KEEP = desk(Permission.KEEP_REASONS), desk(Permission.KEEP_REASONS, csrf=True)
HERE = "/console/reasons"


class Added(NewReason, frozen=True):
    """A new reason and the decision it is for."""

    use: ReasonUse


class AtVersion(Struct, frozen=True):
    """The version that was on the screen."""

    version: Annotated[int, Meta(ge=1, le=2**31 - 1)]


class Changed(NewReason, frozen=True):
    """A reason's words, at the version that was on the screen."""

    version: Annotated[int, Meta(ge=1, le=2**31 - 1)]


@blueprint.get("/", name="list", ctx_guard=SEE)
async def show_catalogue(request: Request) -> HTTPResponse:
    """Show all reasons with their history, grouped by the decision they are for."""
    found = await reasons.catalogue()
    authors = {one.by_id for entries in found.values() for entry in entries for one in entry.versions}
    names = await people.designations_of(one for one in authors if one)
    return await page(
        request, "reasons/list.html", catalogue=found, keepers=names, in_use=await reasons.in_use().count()
    )


@blueprint.post("/", name="add", ctx_guard=KEEP)
async def add(request: Request) -> HTTPResponse:
    """Add a reason at the end of its list."""
    typed, now = read_form(request, Added, may_warn=True), tools_of(request).clock.now()
    new = NewReason(typed.label, typed.text)
    await reasons.add_reason(new, use=typed.use, by=actor_of(request), now=now)
    return go_to(request, HERE)


@blueprint.post("/<reason_id:uuid>/wording", name="change", ctx_guard=KEEP)
async def change(request: Request, reason_id: UUID) -> HTTPResponse:
    """Reword a reason; earlier decisions keep their words."""
    typed, now = read_form(request, Changed, may_warn=True), tools_of(request).clock.now()
    new = NewReason(typed.label, typed.text)
    await reasons.change_reason(reason_id, version=typed.version, new=new, by=actor_of(request), now=now)
    return go_to(request, HERE)


@blueprint.post("/<reason_id:uuid>/retirement", name="retire", ctx_guard=KEEP)
async def retire(request: Request, reason_id: UUID) -> HTTPResponse:
    """Take a reason out of use."""
    version, now = read_form(request, AtVersion).version, tools_of(request).clock.now()
    await reasons.retire_reason(reason_id, version=version, by=actor_of(request), now=now)
    return go_to(request, HERE)


@blueprint.post("/<reason_id:uuid>/restoration", name="restore", ctx_guard=KEEP)
async def restore(request: Request, reason_id: UUID) -> HTTPResponse:
    """Put a retired reason back into use."""
    version, now = read_form(request, AtVersion).version, tools_of(request).clock.now()
    await reasons.restore_reason(reason_id, version=version, by=actor_of(request), now=now)
    return go_to(request, HERE)
