"""Deeds on an item from the console: each is a form of the item's page, done at the version that was seen."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from server.kernel.refusal import NoSuchThing
from server.kernel.state_machine import StaleItem, WrongStep
from server.people import Actor, Permission
from server.web.console.item_page import item_page
from server.web.console.pages import is_part
from server.web.console.reading_forms import read_form, typed_words
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

Words = Annotated[str, Meta(min_length=1, max_length=1000)]
Few = Annotated[str, Meta(max_length=1000)]
Version = Annotated[int, Meta(ge=1, le=2**31 - 1)]


class Deed(Struct, frozen=True, kw_only=True):
    """A deed on an item at the version that was on the screen."""

    version: Version


class Because(Deed, frozen=True, kw_only=True):
    """A deed that needs a reason."""

    reason: Words


class GivingBack(Deed, frozen=True, kw_only=True):
    """A reason of the catalogue, by its code, and words of one's own."""

    cause: Annotated[str, Meta(max_length=40)] = ""
    reason: Few = ""


Do = Callable[[UUID, Any, Actor, datetime], Awaitable[str]]


def item_action(
    blueprint: Blueprint, name: str, *, form: type[Deed], permission: Permission
) -> Callable[[Do], Do]:
    """A form of the item's page: POST to /<item>/<name>. The function does it and says what was done.

    Whoever was overtaken gets the item as it is now, told why, with his own words still in the form.
    """

    def declare(do: Do) -> Do:
        async def handle(request: Request, item_id: UUID) -> HTTPResponse:
            typed = read_form(request, form)
            try:
                said = await do(item_id, typed, actor_of(request), tools_of(request).clock.now())
            except (StaleItem, WrongStep) as refusal:
                words = typed_words(request)
                return await item_page(request, item_id, refusal=refusal, deed=name, typed=words)
            return await _done(request, item_id, said=said)

        blueprint.add_route(
            handle,
            f"/<item_id:uuid>/{name}",
            methods=["POST"],
            name=name,
            ctx_guard=desk(permission, csrf=True),
        )
        return do

    return declare


async def _done(request: Request, item_id: UUID, *, said: str) -> HTTPResponse:
    """The item as it is now; the ledger, if the deed took it out of the actor's sight."""
    if not is_part(request):
        return redirect(f"/console/ledger/{item_id}", status=303)
    try:
        return await item_page(request, item_id, done=said)
    except NoSuchThing:
        return HTTPResponse(headers={"HX-Redirect": "/console/ledger"})
