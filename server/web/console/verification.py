"""The public page behind a watermark: a clear verdict, and a check of the picture itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Protocol
from urllib.parse import quote

import msgspec
from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from server.kernel.text import code_form
from server.photos import Box, Verdict
from server.web.console.pages import page
from server.web.console.reading_forms import read_filter
from server.web.door.guards import public

blueprint = Blueprint("console_verification")

HEADLINES = {
    Verdict.GENUINE: ("真实", "good"),
    Verdict.RESAVED: ("同一张照片，转存过", "good"),
    Verdict.ALTERED: ("不一致", "bad"),
    Verdict.UNDECIDED: ("还不能判断", "warn"),
    Verdict.UNKNOWN: ("查无此码", "warn"),
}


class Checked(Protocol):
    """The result of a check, as the API passes it on."""

    code: str
    verdict: Verdict
    why: str
    next: str
    made_at: datetime | None
    differs: Sequence[Box]


class TypedCode(Struct, frozen=True):
    """A code as read off a photo."""

    code: Annotated[str, Meta(max_length=40)] = ""


async def show_mark(request: Request, checked: Checked, *, has_picture: bool) -> HTTPResponse:
    """Show the verdict on a code and, if one was sent, on a picture."""
    headline, colour = HEADLINES[checked.verdict]
    return await page(
        request,
        "verification.html",
        checked=checked,
        headline=headline,
        colour=colour,
        has_picture=has_picture,
        differs=msgspec.json.encode(checked.differs).decode(),
    )


@blueprint.get("/verify", name="ask", ctx_guard=public())
async def ask(request: Request) -> HTTPResponse:
    """Show a form for a code read off a photo, or the page of the code that was typed."""
    code = code_form(read_filter(request, TypedCode).code)
    if code:
        return redirect(f"/verify/{quote(code, safe='')}", status=303)
    return await page(request, "verification_start.html")
