"""The public page behind a watermark: a clear verdict, and a check of the very picture one holds."""

from datetime import datetime
from typing import Annotated, Protocol
from urllib.parse import quote

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from server.console.pages import page
from server.console.reading_forms import read_filter
from server.door.guards import public
from server.photos import Verdict
from server.text import code_form

blueprint = Blueprint("console_verification")

HEADLINES = {
    Verdict.GENUINE: ("真实", "good"),
    Verdict.ALTERED: ("不一致", "bad"),
    Verdict.UNKNOWN: ("查无此码", "warn"),
}
ADVICE = {
    Verdict.GENUINE: "这个验真码由本系统生成，存档没有被改动。"
    "要确认您手里的照片就是存档的那一张，请在下面选择照片核对。",
    Verdict.ALTERED: "存档的照片与生成验真码时不一致，请不要采用，并联系改革办核查。",
    Verdict.UNKNOWN: "系统里没有这个验真码。请对照水印重新输入，不含数字0、1和字母I、L、O;"
    "仍查不到的，请不要采用这张照片。",
}
ADVICE_ON_PICTURE = {
    Verdict.GENUINE: "您选择的照片与存档逐字节相同，没有被改动。",
    Verdict.ALTERED: "您选择的照片与存档不同。聊天软件转发、截图或裁剪都会改变照片，请找原始文件再核对；"
    "原始文件仍不一致的，请不要采用。",
    Verdict.UNKNOWN: ADVICE[Verdict.UNKNOWN],
}


class Checked(Protocol):
    """What the check of a code found, as the door hands it over."""

    code: str
    verdict: Verdict
    made_at: datetime | None


class TypedCode(Struct, frozen=True):
    """A code as it was read off a photo."""

    code: Annotated[str, Meta(max_length=40)] = ""


async def show_mark(request: Request, checked: Checked) -> HTTPResponse:
    """The verdict on a code and, if its digest was given, on a picture."""
    has_picture = "sha256" in request.args
    headline, colour = HEADLINES[checked.verdict]
    advice = ADVICE_ON_PICTURE if has_picture else ADVICE
    return await page(
        request,
        "verification.html",
        checked=checked,
        headline=headline,
        colour=colour,
        advice=advice[checked.verdict],
        has_picture=has_picture,
    )


@blueprint.get("/verify", name="ask", ctx_guard=public())
async def ask(request: Request) -> HTTPResponse:
    """A form for a code that was read off a photo, or the page of the code that was typed."""
    code = code_form(read_filter(request, TypedCode).code)
    if code:
        return redirect(f"/verify/{quote(code, safe='')}", status=303)
    return await page(request, "verification_start.html")
