"""Operations: each API route declares what it takes, gives and refuses; OpenAPI is written from that."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial, wraps
from typing import Any, TypeVar

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

Handler = TypeVar("Handler", bound=Callable[..., Awaitable[Any]])  # gives an HTTPResponse, or what was Done


class Done(msgspec.Struct):
    """What a command with a key has done: kept sealed under the key, and answered from after the commit.

    A subclass names what was done by id and reads the thing as it is now; one that holds only what never changes, or
    what can't be read again, is itself the answer.
    """

    async def answered(self, request: Request) -> HTTPResponse:
        """The answer for whoever asks now; the same is asked by the first request and by each retry."""
        return answer(self, status=201)


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
    keyed: type[Done] | None = None  # asks for an Idempotency-Key, under which this is kept
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
    keyed: type[Done] | None = None,
    deprecated: bool = False,
    capability: bool = False,
    refusals: tuple[type[Refusal], ...] = (),
) -> Callable[[Handler], Handler]:
    """Declare an API route. The handler gets `command` and `query` read and valid, and path values by name.

    A handler that is `keyed` returns what it has done, of that type, and reads nothing for the answer.
    """

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
            act = partial(handler, request, **path_values)
            answered: HTTPResponse = await (_answered_once(request, act, keyed) if keyed else act())
            return answered

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


async def _answered_once(
    request: Request, act: Callable[[], Awaitable[Done]], shape: type[Done]
) -> HTTPResponse:
    done = await once(request, act, shape=shape)
    try:
        return await done.answered(request)
    except NoSuchThing as error:  # what was done has since gone to others, or gone for good
        raise NoSuchThing("已经办好，但这件事现在不在您的查看范围内。", hint="不用再提交一次。") from error


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
