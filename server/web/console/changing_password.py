"""The page where people change their password, reached from their name at the top."""

from typing import Annotated

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from server import people
from server.kernel.refusal import Refusal
from server.people.changing_password import OldPasswordWrong, PasswordsDiffer, SamePassword
from server.people.enrolling import WeakPassword
from server.web.console.pages import page
from server.web.console.reading_forms import read_form
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.guessing import TooManyOldPasswords, count_old_password, forgive_old_password
from server.web.door.operations import actor_of

blueprint = Blueprint("console_password", url_prefix="/password")

Secret = Annotated[str, Meta(max_length=200)]


class NewPassword(Struct, frozen=True):
    """What was typed; a missing value counts as a wrong one. Nothing of it is ever shown again."""

    old_password: Secret = ""
    new_password: Secret = ""
    again_password: Secret = ""
    code: Annotated[str, Meta(max_length=12)] = ""


@blueprint.get("/", name="page", ctx_guard=desk())
async def show(request: Request) -> HTTPResponse:
    """Show the form and the user's recent sign-ins."""
    return await _show(request)


@blueprint.post("/", name="change", ctx_guard=desk(csrf=True))
async def change(request: Request) -> HTTPResponse:
    """Change the password; this session stays, every other session of this person ends."""
    typed, tools = read_form(request, NewPassword), tools_of(request)
    try:
        if typed.new_password != typed.again_password:
            raise PasswordsDiffer
        await count_old_password(tools, actor_of(request).person.id)
        ended = await people.change_password(
            typed.old_password,
            typed.new_password,
            code=typed.code.replace(" ", ""),
            by=actor_of(request),
            keys=tools.keys,
            now=tools.clock.now(),
        )
    except (PasswordsDiffer, WeakPassword, SamePassword, OldPasswordWrong, TooManyOldPasswords) as refusal:
        return await _show(request, refusal=refusal)
    await forgive_old_password(tools, actor_of(request).person.id)
    return await _show(request, ended=ended)


async def _show(
    request: Request, *, refusal: Refusal | None = None, ended: int | None = None
) -> HTTPResponse:
    person = actor_of(request).person
    return await page(
        request,
        "password.html",
        status=refusal.status if refusal else 200,
        login=await people.login_of(person),
        sessions=await people.sessions_of(person, now=tools_of(request).clock.now()),
        here=actor_of(request).session_id,
        refusal=refusal,
        ended=ended,
    )
