"""Saved views on the console: save the current filter under a name, rename it, delete it."""

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from server import saved_views
from server.ledger import LedgerView
from server.people import Permission
from server.web.console.ledger_links import ledger_query
from server.web.console.pages import go_to
from server.web.console.reading_forms import read_form
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_views", url_prefix="/views")

LEDGER = "ledger"
CHANGE = desk(Permission.SEE_LEDGER, csrf=True)
Name = Annotated[str, Meta(min_length=1, max_length=30)]


class NewView(LedgerView, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A name, and the fields of the filter that it stands for."""

    name: Name


class NewName(Struct, frozen=True):
    """The new name of a view."""

    name: Name


@blueprint.post("/ledger", name="save", ctx_guard=CHANGE)
async def save(request: Request) -> HTTPResponse:
    """Save the ledger's current filter under a name."""
    typed = read_form(request, NewView)
    fields = {name: getattr(typed, name) for name in LedgerView.__struct_fields__}
    query = ledger_query(msgspec.convert(fields, LedgerView))
    now = tools_of(request).clock.now()
    view = await saved_views.save_view(typed.name, page=LEDGER, query=query, by=actor_of(request), now=now)
    return _back(request, view.query)


@blueprint.post("/<view_id:uuid>/name", name="rename", ctx_guard=CHANGE)
async def rename(request: Request, view_id: UUID) -> HTTPResponse:
    """Rename one of the person's views."""
    name = read_form(request, NewName).name
    view = await saved_views.rename_view(view_id, name, by=actor_of(request))
    return _back(request, view.query)


@blueprint.post("/<view_id:uuid>/deletion", name="delete", ctx_guard=CHANGE)
async def delete(request: Request, view_id: UUID) -> HTTPResponse:
    """Delete one of the person's views."""
    await saved_views.delete_view(view_id, by=actor_of(request))
    return _back(request, "")


def _back(request: Request, query: str) -> HTTPResponse:
    return go_to(request, f"/console/ledger?{query}" if query else "/console/ledger")
