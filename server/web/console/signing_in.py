"""Signing in and out of the console."""

from typing import Annotated

from msgspec import Meta, Struct, structs
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from server import people
from server.kernel.refusal import Refusal
from server.kernel.text import code_form, search_form
from server.kernel.unit_of_work import begin
from server.people import browsers
from server.people.signing_in import WrongPassword
from server.tools import Tools
from server.web.console.navigating import safe_way_back
from server.web.console.pages import page
from server.web.console.reading_forms import read_filter, read_form
from server.web.door.admission import CONSOLE_COOKIE, cookie_name, tools_of
from server.web.door.guards import desk, public
from server.web.door.guessing import TooManyTries, count_sign_in, forgive_sign_in
from server.web.door.operations import actor_of

blueprint = Blueprint("console_signing_in")
KNOWN_FOR = 400 * 86_400  # seconds; browsers store nothing longer


class Arrival(Struct, frozen=True):
    """Where to go after signing in, whether the person just signed out, and a link that makes this browser known."""

    next: Annotated[str, Meta(max_length=500)] = ""
    left: bool = False
    username: Annotated[str, Meta(max_length=40)] = ""
    introduction: Annotated[str, Meta(max_length=200)] = ""


class SignIn(Struct, frozen=True):
    """What was typed on the sign-in page; a missing value counts as a wrong one."""

    username: Annotated[str, Meta(max_length=40)] = ""
    password: Annotated[str, Meta(max_length=200)] = ""
    code: Annotated[str, Meta(max_length=12)] = ""
    next: Annotated[str, Meta(max_length=500)] = ""


@blueprint.get("/sign-in", name="page", ctx_guard=public(per_minute=120))
async def show(request: Request) -> HTTPResponse:
    """Show the sign-in page."""
    query, tools = read_filter(request, Arrival), tools_of(request)
    typed = SignIn(next=query.next, username=query.username)
    if not query.introduction:
        return await _show(request, typed, has_left=query.left)
    mark = browsers.introduced(query.introduction, query.username, keys=tools.keys, now=tools.clock.now())
    response = await _show(request, typed, is_known=mark is not None)
    if mark:
        _put_mark(request, response, mark)
    return response


@blueprint.post("/sign-in", name="sign_in", ctx_guard=public(per_minute=600, csrf=True))
async def sign_in(request: Request) -> HTTPResponse:
    """Open a session; a refusal keeps the user name and does not say what was wrong."""
    typed, tools = _in_one_form(read_form(request, SignIn)), tools_of(request)
    browser = browsers.known_name(_marks(request), typed.username, keys=tools.keys)
    try:
        token = await _let_in(request, typed, browser=browser)
    except (WrongPassword, TooManyTries) as refusal:
        return await _show(request, typed, refusal=refusal)
    response = redirect(safe_way_back(typed.next), status=303)
    _put_cookie(response, token, tools=tools)
    mark = browsers.new_mark(typed.username, keys=tools.keys, name=browser)
    _put_mark(request, response, mark)
    return response


def _in_one_form(typed: SignIn) -> SignIn:
    """Normalise width and case of the name, and remove blanks from the code."""
    return structs.replace(typed, username=search_form(typed.username), code=code_form(typed.code))


async def _let_in(request: Request, typed: SignIn, *, browser: str | None) -> str:
    tools, name = tools_of(request), typed.username
    left = await count_sign_in(tools, name, browser=browser, address=request.client_ip)
    try:
        token, _ = await people.by_password(
            name,
            typed.password,
            typed.code,
            keys=tools.keys,
            now=tools.clock.now(),
            device=request.headers.get("user-agent", ""),
        )
    except WrongPassword:
        # Recorded after the answer, which must not take longer for a name that exists.
        if left.remaining == 0:
            begin(people.note_guessing(name))
        raise
    await forgive_sign_in(tools, name, browser=browser)
    return token


@blueprint.post("/sign-out", name="sign_out", ctx_guard=desk(csrf=True))
async def sign_out(request: Request) -> HTTPResponse:
    """End this session at once, here and in the database."""
    tools = tools_of(request)
    await people.revoke(actor_of(request).session_id, now=tools.clock.now())
    response = redirect("/console/sign-in?left=true", status=303)
    _put_cookie(response, "", tools=tools)
    return response


def _put_cookie(response: HTTPResponse, token: str, *, tools: Tools) -> None:
    """Set the session cookie, which ends with the browser; an empty token deletes it at once."""
    response.add_cookie(
        cookie_name(tools),
        token,
        secure=tools.settings.is_production,
        httponly=True,
        samesite="Lax",
        max_age=None if token else 0,
    )


def _marks(request: Request) -> str:
    return request.cookies.get(_marks_name(tools_of(request))) or ""


def _marks_name(tools: Tools) -> str:
    return cookie_name(tools).replace(CONSOLE_COOKIE, "known")


def _put_mark(request: Request, response: HTTPResponse, mark: str) -> None:
    """Set the cookie by which this browser is known again, for as long as browsers allow."""
    tools = tools_of(request)
    response.add_cookie(
        _marks_name(tools),
        browsers.with_mark(_marks(request), mark),
        secure=tools.settings.is_production,
        httponly=True,
        samesite="Lax",
        max_age=KNOWN_FOR,
    )


async def _show(
    request: Request,
    typed: SignIn,
    *,
    refusal: Refusal | None = None,
    has_left: bool = False,
    is_known: bool | None = None,
) -> HTTPResponse:
    return await page(
        request,
        "sign_in.html",
        status=refusal.status if refusal else 200,
        typed=structs.replace(typed, password="", code=""),
        refusal=refusal,
        has_left=has_left,
        is_known=is_known,
    )
