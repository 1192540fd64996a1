"""Several reviewers at one line: what is opened is in one's hand for ten minutes, and goes back when one says so."""

from uuid import UUID

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from server import observations
from server.observations.refusals import AlreadyDecided, Claimed
from server.people import Permission
from server.web.console.pages import is_part, page
from server.web.console.review_part import overtaken
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_review_together", url_prefix="/review")

HOLD = desk(Permission.REVIEW_OBSERVATIONS, csrf=True)


@blueprint.post("/<observation_id:uuid>/claim", name="claim", ctx_guard=HOLD)
async def claim(request: Request, observation_id: UUID) -> HTTPResponse:
    """Take a report in hand, or renew it; if somebody was faster, the report with his name comes back."""
    actor, now = actor_of(request), tools_of(request).clock.now()
    try:
        found = await observations.claim(observation_id, by=actor, now=now)
    except Claimed as refusal:
        if not is_part(request):
            raise
        observation = await observations.observation_reviewed_by(actor, observation_id)
        answer = await overtaken(request, observation, refusal=refusal, show="waiting")
        answer.headers["HX-Retarget"] = "#item"
        answer.headers["HX-Reswap"] = "innerHTML"
        return answer
    except AlreadyDecided:
        if is_part(request):  # decided in the moment it was opened: there is nothing to hold
            return HTTPResponse(status=204)
        raise
    if not is_part(request):
        return redirect(f"/console/review/{observation_id}", status=303)
    return await page(
        request, "review/holding.html", one=found, is_mine=True, held_until=found.claimed_until, loads=False
    )


@blueprint.post("/<observation_id:uuid>/letting-go", name="let_go", ctx_guard=HOLD)
async def let_go(request: Request, observation_id: UUID) -> HTTPResponse:
    """Put a report back into the line."""
    actor = actor_of(request)
    observation = await observations.observation_reviewed_by(actor, observation_id)
    await observations.let_go(observation_id, by=actor)
    if not is_part(request):
        return redirect("/console/review", status=303)
    return await page(
        request, "review/holding.html", one=observation, is_mine=False, held_until=None, loads=False
    )
