"""Rendering pages: the template environment and the answers made with it."""

import asyncio
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup
from sanic import HTTPResponse, Request
from sanic.response import redirect

from models.vocabulary import Datum, LedgerState, ObservationKind, ObservationState, Scope
from server.kernel.clock import business_date
from server.packs import ways_of
from server.people import Actor, Permission, may
from server.web.console import statics, words
from server.web.console.ledger_links import filter_fields
from server.web.console.navigating import places_for
from server.web.door.admission import tools_of

TEMPLATES = Path(__file__).parent / "templates"


class CompiledBeside(FileSystemBytecodeCache):
    """Stores compiled templates beside this module, as Python does; where nothing can be written, none are stored."""

    def __init__(self) -> None:
        super().__init__(str(Path(__file__).parent / "__pycache__"))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Store a compiled template, if possible and wanted."""
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                super().dump_bytecode(bucket)


@cache
def templates() -> Environment:
    """Return the template environment: everything is escaped, and an undefined name is an error.

    It does not use `enable_async`: an async template awaits its values, so a model's relation would query the
    database from inside the page, row by row (60 ms for the roster instead of 1 ms).
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=CompiledBeside(),
    )
    environment.filters.update(
        moment=words.moment,
        clock_time=words.clock_time,
        full_moment=words.full_moment,
        day=words.day,
        day_of=words.day_of,
        short_day=words.short_day,
    )
    environment.globals.update(
        asset=statics.address,
        icon=lambda name: Markup(statics.icon(name)),  # noqa: S704 - drawings of our own folder
        Permission=Permission,
        business_date=business_date,
        filter_fields=filter_fields,
        words=words,
        Datum=Datum,
        LedgerState=LedgerState,
        ObservationKind=ObservationKind,
        ObservationState=ObservationState,
        Scope=Scope,
    )
    return environment


def warm() -> None:
    """Compile every template, so that the first actor does not wait for it."""
    for name in templates().list_templates():
        templates().get_template(name)


async def page(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    **values: Any,
) -> HTTPResponse:
    """Render a page or a part of one; all its data is already loaded."""
    body = templates().get_template(template).render(**_always(request), **values)
    return _answered(body, status=status, headers=headers)


async def long_page(request: Request, template: str, **values: Any) -> HTTPResponse:
    """Render a page of many rows in a thread, so that other requests are served meanwhile."""
    write = templates().get_template(template).render
    return _answered(await asyncio.to_thread(write, **_always(request), **values))


def _answered(body: str, *, status: int = 200, headers: dict[str, str] | None = None) -> HTTPResponse:
    return HTTPResponse(
        body,
        status=status,
        headers={"Vary": "HX-Request", **(headers or {})},
        content_type="text/html; charset=utf-8",
    )


def is_part(request: Request) -> bool:
    """Tell whether htmx asks for a part of the page; history navigation asks for the whole."""
    asked = request.headers.get("hx-request") == "true"
    return asked and request.headers.get("hx-history-restore-request") != "true"


def go_to(request: Request, address: str) -> HTTPResponse:
    """Redirect to the page that shows the result of an action, for browsers and for htmx."""
    if is_part(request):
        return HTTPResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address, status=303)


def _always(request: Request) -> dict[str, Any]:
    tools = tools_of(request)
    actor: Actor | None = getattr(request.ctx, "actor", None)
    duties = actor.duties if actor else []
    return {
        "actor": actor,
        "can": lambda permission: may(duties, permission),
        "places": places_for(duties, path=request.path),
        "names": ways_of(tools.settings.city_pack).names,
        "now": tools.clock.now(),
        "is_trial": not tools.settings.is_production,
    }
