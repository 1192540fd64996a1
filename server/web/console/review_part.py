"""Answers of the review page: one report with its notice, the next in the queue, or a decision that came too late."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sanic import HTTPResponse, Request
from sanic.response import redirect

from models import Observation
from server import observations
from server.kernel.clock import business_date
from server.kernel.refusal import Refusal
from server.observations.refusals import AlreadyDecided, Claimed, Stale
from server.web.console.choices import task_choices, unit_choices
from server.web.console.pages import is_part, long_page, page
from server.web.console.review_item import item_of
from server.web.console.review_queue import Show, queue_of, wanted
from server.web.door.admission import tools_of
from server.web.door.operations import actor_of

QUEUE_CHANGED = {"HX-Trigger": "queue-changed"}
OVERTAKEN = (AlreadyDecided, Claimed, Stale)


@dataclass(frozen=True)
class Done:
    """The notice after a decision: the words, a number that links to the result, and a line below."""

    words: str
    number: str
    address: str
    aside: str = ""


@dataclass(frozen=True)
class Undoable:
    """An acceptance that can be undone for this many seconds."""

    observation: Observation
    seconds: int


async def deciding(
    request: Request, observation_id: UUID, do: Callable[[], Awaitable[Done]], *, show: Show
) -> HTTPResponse:
    """Make a decision and open the next report; if somebody else was faster, show the report as it is now."""
    actor = actor_of(request)
    observation = await observations.observation_reviewed_by(actor, observation_id)
    try:
        done = await do()
    except OVERTAKEN as refusal:
        if not is_part(request):
            raise
        now_so = await observations.observation_reviewed_by(actor, observation_id)
        return await overtaken(request, now_so, refusal=refusal, show=show)
    return await _next_report(request, observation, show=show, done=done)


async def _next_report(request: Request, after: Observation, *, show: Show, done: Done) -> HTTPResponse:
    """Return what follows a decision: its notice, and the next report in the queue."""
    actor, now = actor_of(request), tools_of(request).clock.now()
    line = wanted(show, today=business_date(now))
    following = await observations.next_in_queue(actor, after=after, now=now, **line)
    observation = following and await observations.observation_reviewed_by(actor, following.id)
    where = address(observation, show=show)
    if not is_part(request):
        return redirect(where, status=303)
    headers = QUEUE_CHANGED | {"HX-Replace-Url": where}
    return await part(request, observation, show=show, headers=headers, done=done)


async def overtaken(
    request: Request, observation: Observation, *, refusal: Refusal, show: Show
) -> HTTPResponse:
    """Return the report as it is now, with what happened above it, because somebody else was faster."""
    return await part(
        request, observation, show=show, headers=QUEUE_CHANGED, status=refusal.status, refusal=refusal
    )


async def part(
    request: Request,
    observation: Observation | None,
    *,
    show: Show,
    status: int = 200,
    headers: dict[str, str] | None = None,
    done: Done | None = None,
    refusal: Refusal | None = None,
) -> HTTPResponse:
    """Return one report, or that nothing waits, with what was just done or refused."""
    item = observation and await item_of(observation, by=actor_of(request), now=tools_of(request).clock.now())
    return await page(
        request,
        "review/part.html",
        status=status,
        headers=headers,
        item=item,
        undoable=await undoable(request) if done else None,
        show=show,
        done=done,
        refusal=refusal,
    )


async def whole_page(
    request: Request, observation: Observation | None, *, show: Show, after: UUID | None = None
) -> HTTPResponse:
    """Return the queue with one report open: the chosen one, or the first that nobody else is reviewing."""
    now, actor = tools_of(request).clock.now(), actor_of(request)
    queue = await queue_of(actor, show=show, now=now, after=after)
    chosen = observation
    free = [line.observation.id for line in queue.lines if not line.holder]
    if observation is None and free:
        observation = await observations.observation_reviewed_by(actor, free[0])
    return await long_page(
        request,
        "review/page.html",
        queue=queue,
        show=show,
        here=observation and observation.id,
        is_chosen=chosen is not None,
        item=observation and await item_of(observation, by=actor, now=now),
        done=None,
        refusal=None,
        undoable=await undoable(request),
        tasks=await task_choices(business_date(now).year),
        units=await unit_choices(),
    )


async def undoable(request: Request) -> list[Undoable]:
    """Return the last acceptances that can still be undone, the newest first."""
    actor, now = actor_of(request), tools_of(request).clock.now()
    found = await observations.undoable(actor, now=now)
    return [Undoable(one, _seconds_left(one, now=now)) for one in found]


def _seconds_left(one: Observation, *, now: datetime) -> int:
    since = now - (one.decided_at or now)
    return max(0, int((observations.UNDO_WITHIN - since).total_seconds()))


def address(observation: Observation | None, *, show: Show) -> str:
    """Return the address of a report in its list, or of the list."""
    tail = "" if show == "waiting" else f"?show={show}"
    return f"/console/review/{observation.id}{tail}" if observation else f"/console/review{tail}"
