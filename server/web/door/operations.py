"""Operations: each API route declares its inputs, answers and refusals, and OpenAPI is generated from that."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial, wraps
from typing import Any, TypeVar

import msgspec
from sanic import Blueprint, HTTPResponse, Request

from server.kernel.classified import Classified
from server.kernel.refusal import NoSuchThing, Refusal
from server.kernel.unit_of_work import Busy, DatabaseAway, TooMuchAtOnce
from server.people import Actor, NotAllowed, NotSignedIn
from server.web.door.admission import TooOften
from server.web.door.guards import Guard
from server.web.door.idempotency import KeyMissing, KeyReused, once
from server.web.door.problems import Malformed, OurFault, TooBig
from server.web.door.reading import Invalid, read_body, read_query

Handler = TypeVar("Handler", bound=Callable[..., Awaitable[Any]])  # returns an HTTPResponse, or a Done


class Done(msgspec.Struct):
    """The outcome of a command with a key; it is stored sealed under the key, and answered from after the commit.

    A subclass names the affected records by id and reads their current state; one that holds only what never changes,
    or what can't be read again, is itself the answer.
    """

    async def answered(self, request: Request) -> HTTPResponse:
        """Return the answer as of now; the first request and each retry call this."""
        return answer(self, status=201)


@dataclass(frozen=True, kw_only=True, eq=False)
class Operation:
    """What the OpenAPI document says about one route."""

    method: str
    path: str
    name: str
    summary: str
    description: str
    tag: str
    guard: Guard
    body: type[Any] | None = None
    query: type[Any] | None = None
    upload: str | None = None  # the name of the multipart field
    keyed: type[Done] | None = None  # requires an Idempotency-Key, under which this is stored
    deprecated: bool = False  # still answered for older programs only
    capability: bool = False  # requires the Capability of a sealed report, and no sign-in
    may_warn: bool = False  # the office may name markings of secrets in the body, to warn of them
    answers: Mapping[int, type[Any] | str | None] = field(default_factory=dict)
    refusals: tuple[type[Refusal], ...] = ()

    @property
    def all_refusals(self) -> list[type[Refusal]]:
        """Return the declared refusals and those that every route of its kind may give."""
        found: list[type[Refusal]] = [
            *self.refusals,
            TooOften,
            Malformed,
            TooBig,  # its body, or its address and headers
            DatabaseAway,
            TooMuchAtOnce,
            Busy,
            OurFault,
        ]
        if self.guard.channel:
            found.append(NotSignedIn)
        if self.guard.permission:
            found.append(NotAllowed)
        if "<" in self.path:
            found.append(NoSuchThing)
        if self.body or self.query:
            found.append(Invalid)
        if self.body and not self.may_warn:
            found.append(Classified)
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
    may_warn: bool = False,
    refusals: tuple[type[Refusal], ...] = (),
) -> Callable[[Handler], Handler]:
    """Declare an API route; its handler gets `command` and `query` validated, and path values by name.

    In the body the office `may_warn` of secrets; in any other, their markings are refused (LET-08).
    A `keyed` handler returns its outcome, of that type, and reads nothing for the answer.
    """

    def declare(handler: Handler) -> Handler:
        declared = Operation(
            method=method,
            path=path,
            name=handler.__name__,
            summary=summary,
            description=inspect.getdoc(handler) or "",
            tag=blueprint.name,
            guard=guard,
            body=body,
            query=query,
            upload=upload,
            keyed=keyed,
            deprecated=deprecated,
            capability=capability,
            may_warn=may_warn,
            answers=answers,
            refusals=refusals,
        )

        @wraps(handler)
        async def handle(request: Request, **path_values: Any) -> HTTPResponse:
            if body is not None:
                path_values["command"] = read_body(request, body, may_warn=may_warn)
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
    except NoSuchThing as error:  # the result has since moved out of the actor's sight, or is gone
        raise NoSuchThing("已经办好，但这件事现在不在您的查看范围内。", hint="不用再提交一次。") from error


def answer(
    content: Any = None, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> HTTPResponse:
    """Return a JSON answer that no cache may store."""
    body = b"" if content is None else msgspec.json.encode(content)
    return HTTPResponse(
        body,
        status=status,
        headers={"Cache-Control": "no-store", **(headers or {})},
        content_type="application/json" if body else None,
    )


def actor_of(request: Request) -> Actor:
    """Return the signed-in actor of a guarded route."""
    actor: Actor = request.ctx.actor
    return actor
