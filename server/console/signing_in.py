"""Signing in and out of the console."""

from typing import Annotated

from msgspec import Meta, Struct, structs
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from server import people
from server.console.navigating import safe_way_back
from server.console.pages import page
from server.console.reading_forms import read_filter, read_form
from server.door.arriving import cookie_name, tools_of
from server.door.guards import desk, public
from server.door.operations import visitor_of
from server.people.signing_in import AccountLocked, WrongPassword
from server.refusal import Refusal
from server.tools import Tools

blueprint = Blueprint("console_signing_in")


class WayBack(Struct, frozen=True):
    """Where to go after signing in, and whether one has just signed out."""

    next: Annotated[str, Meta(max_length=500)] = ""
    left: bool = False


class SignIn(Struct, frozen=True):
    """What is typed on the sign-in page; anything missing is as wrong as anything wrong."""

    username: Annotated[str, Meta(max_length=40)] = ""
    password: Annotated[str, Meta(max_length=200)] = ""
    code: Annotated[str, Meta(max_length=12)] = ""
    next: Annotated[str, Meta(max_length=500)] = ""


@blueprint.get("/sign-in", name="page", ctx_guard=public(per_minute=120))
async def show(request: Request) -> HTTPResponse:
    """The sign-in page."""
    query = read_filter(request, WayBack)
    return await _show(request, SignIn(next=query.next), has_left=query.left)


@blueprint.post("/sign-in", name="sign_in", ctx_guard=public(per_minute=60, csrf=True))
async def sign_in(request: Request) -> HTTPResponse:
    """Open a session; a refusal keeps the user name and says nothing of what was wrong."""
    typed, tools = read_form(request, SignIn), tools_of(request)
    try:
        token, _ = await people.by_password(
            typed.username,
            typed.password,
            typed.code.replace(" ", ""),
            keys=tools.keys,
            now=tools.clock.now(),
            device=request.headers.get("user-agent", ""),
        )
    except (WrongPassword, AccountLocked) as refusal:
        return await _show(request, typed, refusal=refusal)
    response = redirect(safe_way_back(typed.next), status=303)
    _put_cookie(response, token, tools=tools)
    return response


@blueprint.post("/sign-out", name="sign_out", ctx_guard=desk(csrf=True))
async def sign_out(request: Request) -> HTTPResponse:
    """End this session at once, here and in the database."""
    tools = tools_of(request)
    await people.revoke(visitor_of(request).session_id, now=tools.clock.now())
    response = redirect("/console/sign-in?left=true", status=303)
    _put_cookie(response, "", tools=tools)
    return response


def _put_cookie(response: HTTPResponse, token: str, *, tools: Tools) -> None:
    """The session cookie, gone with the browser; an empty one ends it at once."""
    response.add_cookie(
        cookie_name(tools),
        token,
        secure=tools.settings.is_production,
        httponly=True,
        samesite="Lax",
        max_age=None if token else 0,
    )


async def _show(
    request: Request, typed: SignIn, *, refusal: Refusal | None = None, has_left: bool = False
) -> HTTPResponse:
    return await page(
        request,
        "sign_in.html",
        status=refusal.status if refusal else 200,
        typed=structs.replace(typed, password="", code=""),
        refusal=refusal,
        has_left=has_left,
    )
