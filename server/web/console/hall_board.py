"""The hall's board: a public page behind the organiser's link, and the stream of states that it shows (VIS-11)."""

import random

from sanic import Blueprint, HTTPResponse, Request

from server import site_visits
from server.kernel.refusal import NoSuchThing, Refusal
from server.web.console.pages import page
from server.web.door.guards import public

blueprint = Blueprint("hall_board", url_prefix="/board")

WATCH = public(
    per_minute=1200
)  # a whole hall stands behind one address, and all come back at once after an outage
STREAM = {
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # a proxy must pass each state on at once
}
PRIVATE = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
AGAIN_S = 15
RETRY_MS = (1000, 5000)  # spread, so that a whole hall does not come back in one moment


async def show_refusal(request: Request, refusal: Refusal) -> HTTPResponse:
    """Show a refusal readable from the back row; the page asks again by itself, as nobody sits at a hall's screen."""
    again = {} if refusal.retry == "never" else {"Refresh": str(AGAIN_S)}
    return await page(
        request,
        "board/refused.html",
        status=refusal.status,
        headers=PRIVATE | again,
        refusal=refusal,
        again_s=AGAIN_S if again else 0,
    )


@blueprint.get("/<link:str>", name="show", ctx_guard=WATCH)
async def show(request: Request, link: str) -> HTTPResponse:
    """Show the board; its script fills it from the stream."""
    try:
        visit = await site_visits.visit_behind(link)
    except NoSuchThing:
        return await page(request, "board/closed.html", status=404, headers=PRIVATE)
    return await page(request, "board/board.html", visit=visit, link=link, headers=PRIVATE)


@blueprint.get("/<link:str>/events", name="stream", ctx_guard=WATCH)
async def stream(request: Request, link: str) -> None:
    """Send the board's state, and each newer one, as server-sent events, until the listener goes or the link ends."""
    last = request.headers.get("last-event-id", "")
    seen = int(last) if last.isascii() and last.isdigit() else None
    async with request.app.ctx.boards.watching(link, seen=seen) as events:
        answer = await request.respond(
            headers=STREAM | PRIVATE, content_type="text/event-stream; charset=utf-8"
        )
        await answer.send(b"retry: %d\n\n" % random.randint(*RETRY_MS))  # noqa: S311 - no secret
        async for event in events:
            await answer.send(event)
        await answer.eof()
