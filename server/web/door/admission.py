"""Admission: identity, permission, rate and size of a request are checked before its body is read.

Uses the signal `http.routing.after`, the only hook before Sanic reads the body (server-stack §1).
"""

import re
from typing import Any

from sanic import Request, Sanic
from sanic.exceptions import NotFound
from sanic.signals import Event

from models.vocabulary import SessionChannel
from server import people
from server.gateways.redis import MemoryCache
from server.kernel.refusal import Refusal
from server.people import Actor, NotAllowed, NotSignedIn, may
from server.tools import Tools
from server.web.door import pacing
from server.web.door.guards import Guard

CONSOLE_COOKIE = "console"
UNLIMITED = 2**62  # a streaming handler counts its own bytes
UNREADABLE = re.compile(r"[^\t -~]")
WRONG_TOKENS = ("120/minute", "wrong_tokens")  # per address
LET_IN = MemoryCache()  # hashes of tokens that this process admitted recently
REMEMBERED = 1800.0  # seconds


class TooOften(Refusal):
    """More requests in a minute than a person can make."""

    status = 429
    message_zh = "操作太频繁。"
    hint_zh = "请稍等一分钟再继续，您填写的内容没有丢。"
    retry = "later"


class ForeignForm(Refusal):
    """The form was not sent from one of our pages (CSRF)."""

    status = 403
    message_zh = "页面已过期或不是从本系统打开的。"
    hint_zh = "请回到办公台刷新页面后再操作。"


def tools_of(request: Request) -> Tools:
    """Return the tools of the process that serves a request."""
    tools: Tools = request.app.ctx.tools
    return tools


def cookie_name(tools: Tools) -> str:
    """Return the name of the console's cookie; `__Host-` binds it to this host over TLS."""
    return f"__Host-{CONSOLE_COOKIE}" if tools.settings.is_production else CONSOLE_COOKIE


def attach(app: Sanic[Any, Any]) -> None:
    """Check every route's guard before its body is read."""

    @app.signal(Event.HTTP_ROUTING_BEFORE)
    async def clean(request: Request, **_: Any) -> None:
        _keep_readable(request)

    @app.signal(Event.HTTP_ROUTING_AFTER)
    async def arrive(request: Request, route: Any, **_: Any) -> None:
        guard: Guard | None = getattr(route.ctx, "guard", None)
        if guard is None:
            raise NotFound
        if request.stream is not None:
            request.stream.request_max_size = guard.max_bytes or UNLIMITED
        _check_own_form(request, guard)
        request.ctx.actor = await _actor(request, guard)
        await _check_pace(request, guard)


def _keep_readable(request: Request) -> None:
    """Replace everything in headers but visible ASCII (RFC 9110, section 5.5) with question marks.

    An idempotency key stays unchanged: an altered one would be another key. The request id is always our own.
    """
    request.headers.popall("x-request-id", None)
    for name, value in list(request.headers.items()):
        if UNREADABLE.search(value) and name != "idempotency-key":
            request.headers[name] = UNREADABLE.sub("?", value)


def _check_own_form(request: Request, guard: Guard) -> None:
    if guard.csrf and not _is_own_form(request):
        raise ForeignForm


async def _actor(request: Request, guard: Guard) -> Actor | None:
    if guard.channel is None:
        return None
    tools = tools_of(request)
    is_phone = guard.channel is SessionChannel.PHONE
    token = request.token if is_phone else request.cookies.get(cookie_name(tools))
    actor = await _admit(token, channel=guard.channel, address=request.client_ip, tools=tools)
    if guard.permission and not may(actor.duties, guard.permission):
        raise NotAllowed
    return actor


async def _admit(token: str | None, *, channel: SessionChannel, address: str, tools: Tools) -> Actor:
    """Return the actor behind a token; addresses that guess tokens are stopped before any database query.

    Many people may share one address, so only failures count and recently admitted tokens always pass.
    """
    if not token or not people.is_token(token):
        raise NotSignedIn
    mark = people.hash_token(token)
    if not await LET_IN.get(mark) and not (await pacing.look(tools, *WRONG_TOKENS, address)).allowed:
        raise TooOften
    try:
        actor = await people.admit(token, channel=channel, now=tools.clock.now())
    except NotSignedIn:
        await LET_IN.delete(mark)
        await pacing.count(tools, *WRONG_TOKENS, address)
        raise
    await LET_IN.set(mark, "1", ttl=REMEMBERED)
    return actor


def _is_own_form(request: Request) -> bool:
    """Check Sec-Fetch-Site if the browser sends it; otherwise Origin must be our own host."""
    site: str | None = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin: str = request.headers.get("origin", "")
    host: str = request.headers.get("host", "")
    return origin != "" and origin.partition("://")[2] == host


async def _check_pace(request: Request, guard: Guard) -> None:
    actor: Actor | None = request.ctx.actor
    who = str(actor.person.id) if actor else request.client_ip
    route = request.route.name if request.route else ""
    allowance = await pacing.count(tools_of(request), f"{guard.per_minute}/minute", route, who)
    if not allowance.allowed:
        raise TooOften
