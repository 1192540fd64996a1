"""Arriving: signed in, allowed, not too often, not too large — decided before a byte of the body is read.

Hooked to `http.routing.after`, the only place that comes before Sanic reads the body (server-stack §1).
"""

from typing import Any

from sanic import Request, Sanic
from sanic.exceptions import NotFound
from sanic.signals import Event

from models.vocabulary import SessionChannel
from server.door.guards import Guard
from server.people import NotAllowed, Visitor, admit, may
from server.refusal import Refusal
from server.tools import Tools

CONSOLE_COOKIE = "console"
UNLIMITED = 2**62  # a streaming handler counts its bytes itself


class TooOften(Refusal):
    """More requests in a minute than a person can make."""

    status = 429
    message_zh = "操作太频繁。"
    hint_zh = "请稍等一分钟再继续，您填写的内容没有丢。"
    retry = "later"


class ForeignForm(Refusal):
    """A form that our own page did not make (CSRF)."""

    status = 403
    message_zh = "页面已过期或不是从本系统打开的。"
    hint_zh = "请回到办公台刷新页面后再操作。"


def tools_of(request: Request) -> Tools:
    """The tools of the process that serves a request."""
    tools: Tools = request.app.ctx.tools
    return tools


def cookie_name(tools: Tools) -> str:
    """The console's cookie; `__Host-` binds it to this very host over TLS."""
    return f"__Host-{CONSOLE_COOKIE}" if tools.settings.is_production else CONSOLE_COOKIE


def attach(app: Sanic[Any, Any]) -> None:
    """Put the guard of every route before its body."""

    @app.signal(Event.HTTP_ROUTING_AFTER)
    async def arrive(request: Request, route: Any, **_: Any) -> None:
        guard: Guard | None = getattr(route.ctx, "guard", None)
        if guard is None:
            raise NotFound
        if request.stream is not None:
            request.stream.request_max_size = guard.max_bytes or UNLIMITED
        request.ctx.visitor = await _visitor(request, guard)
        await _check_pace(request, guard)


async def _visitor(request: Request, guard: Guard) -> Visitor | None:
    if guard.csrf and not _is_own_form(request):
        raise ForeignForm
    if guard.channel is None:
        return None
    tools = tools_of(request)
    is_phone = guard.channel is SessionChannel.PHONE
    token = request.token if is_phone else request.cookies.get(cookie_name(tools))
    visitor = await admit(token, channel=guard.channel, now=tools.clock.now())
    if guard.act and not may(visitor.duties, guard.act):
        raise NotAllowed
    return visitor


def _is_own_form(request: Request) -> bool:
    """Sec-Fetch-Site where the browser sends it, else Origin must be our own host."""
    site: str | None = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin: str = request.headers.get("origin", "")
    host: str = request.headers.get("host", "")
    return origin != "" and origin.partition("://")[2] == host


async def _check_pace(request: Request, guard: Guard) -> None:
    visitor: Visitor | None = request.ctx.visitor
    who = str(visitor.person.id) if visitor else request.client_ip
    route = request.route.name if request.route else ""
    allowance = await tools_of(request).redis.limiter.hit(f"{guard.per_minute}/minute", route, who)
    if not allowance.allowed:
        raise TooOften
