"""Pages: one set of templates, one way to answer with them."""

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
from server.packs import ways_of
from server.people import Actor, Permission, may
from server.web.console import statics, words
from server.web.console.ledger_links import filter_fields
from server.web.console.navigating import places_for
from server.web.door.admission import tools_of

TEMPLATES = Path(__file__).parent / "templates"


class CompiledBeside(FileSystemBytecodeCache):
    """Compiled templates lie beside this module, as Python's own do; where nothing can be written, none do."""

    def __init__(self) -> None:
        super().__init__(str(Path(__file__).parent / "__pycache__"))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled, if that is possible and wanted."""
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                super().dump_bytecode(bucket)


@cache
def templates() -> Environment:
    """The environment: everything is escaped, and a name that a page was not given is an error.

    Not `enable_async`: an async template awaits what it is given, and a relation of a model then asks the
    database from inside the page, row by row (the roster took 60 ms that way, and takes 1 ms).
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
    """Answer with a page or a part of one; everything on it was read before."""
    body = templates().get_template(template).render(**_always(request), **values)
    return _answered(body, status=status, headers=headers)


async def long_page(request: Request, template: str, **values: Any) -> HTTPResponse:
    """The same for a page of thousands of rows: it is written in a thread, and others are served meanwhile."""
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
    """Whether htmx asks for a part of the page; going back in history asks for the whole."""
    asked = request.headers.get("hx-request") == "true"
    return asked and request.headers.get("hx-history-restore-request") != "true"


def go_to(request: Request, address: str) -> HTTPResponse:
    """Lead to the page that shows what was done, a browser and htmx alike."""
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
