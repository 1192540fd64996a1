"""Operations: each API route declares what it takes, gives and refuses; OpenAPI is written from that."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

import msgspec
from sanic import Blueprint, HTTPResponse, Request

from server.kernel.refusal import NoSuchThing, Refusal
from server.kernel.unit_of_work import Busy, DatabaseAway
from server.people import Actor, NotAllowed, NotSignedIn
from server.web.door.admission import TooOften
from server.web.door.guards import Guard
from server.web.door.idempotency import KeyMissing, KeyReused, once
from server.web.door.problems import Malformed, OurFault, TooBig
from server.web.door.reading import Invalid, read_body, read_query

Handler = Callable[..., Awaitable[HTTPResponse]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Operation:
    """What the wire contract says of one route."""

    method: str
    path: str
    name: str
    summary: str
    description: str
    tag: str
    guard: Guard
    body: type[Any] | None = None
    query: type[Any] | None = None
    upload: str | None = None  # the multipart field's name
    keyed: bool = False  # asks for an Idempotency-Key
    deprecated: bool = False  # answered for older programs only
    capability: bool = False  # asks for the Capability of a sealed report, and for nobody signed in
    answers: Mapping[int, type[Any] | str | None] = field(default_factory=dict)
    refusals: tuple[type[Refusal], ...] = ()

    @property
    def all_refusals(self) -> list[type[Refusal]]:
        """The declared refusals and those every route of its kind may give."""
        found: list[type[Refusal]] = [*self.refusals, TooOften, Malformed, DatabaseAway, Busy, OurFault]
        if self.guard.channel:
            found.append(NotSignedIn)
        if self.guard.permission:
            found.append(NotAllowed)
        if "<" in self.path:
            found.append(NoSuchThing)
        if self.body or self.query:
            found.append(Invalid)
        if self.body or self.upload:
            found.append(TooBig)
        if self.keyed:
            found += [KeyMissing, KeyReused]
        return found


def operation(
    blueprint: Blueprint,
    method: str,
    path: str,
    *,
    summary: str,
    guard: Guard,
    answers: Mapping[int, type[Any] | str | None],
    body: type[Any] | None = None,
    query: type[Any] | None = None,
    upload: str | None = None,
    keyed: bool = False,
    deprecated: bool = False,
    capability: bool = False,
    refusals: tuple[type[Refusal], ...] = (),
) -> Callable[[Handler], Handler]:
    """Declare an API route. The handler gets `command` and `query` read and valid, and path values by name."""

    def declare(handler: Handler) -> Handler:
        declared = Operation(
            method=method,
            path=path,
            name=handler.__name__,
            summary=summary,
            description=(handler.__doc__ or "").strip(),
            tag=blueprint.name,
            guard=guard,
            body=body,
            query=query,
            upload=upload,
            keyed=keyed,
            deprecated=deprecated,
            capability=capability,
            answers=answers,
            refusals=refusals,
        )

        @wraps(handler)
        async def handle(request: Request, **path_values: Any) -> HTTPResponse:
            if body is not None:
                path_values["command"] = read_body(request, body)
            if query is not None:
                path_values["query"] = read_query(request, query)
            if keyed:
                return await once(request, lambda: handler(request, **path_values))
            return await handler(request, **path_values)

        blueprint.add_route(
            handle,
            path,
            methods=[method],
            name=handler.__name__,
            stream=upload is not None,
            unquote="str>" in path,
            error_format="json",  # else Sanic reads the source of every handler to find out
            ctx_guard=guard,
            ctx_operation=declared,
        )
        return handler

    return declare


def answer(
    content: Any = None, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> HTTPResponse:
    """A JSON answer; personal answers are never cached on the way."""
    body = b"" if content is None else msgspec.json.encode(content)
    return HTTPResponse(
        body,
        status=status,
        headers={"Cache-Control": "no-store", **(headers or {})},
        content_type="application/json" if body else None,
    )


def actor_of(request: Request) -> Actor:
    """The signed-in actor of a guarded route."""
    actor: Actor = request.ctx.actor
    return actor
