"""Several reviewers on one queue: an opened report is claimed for ten minutes, or until it is released."""

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
    """Claim a report or renew the claim; if somebody was faster, the report comes back with their name."""
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
        if is_part(request):  # decided at the moment it was opened: there is nothing to claim
            return HTTPResponse(status=204)
        raise
    if not is_part(request):
        return redirect(f"/console/review/{observation_id}", status=303)
    return await page(
        request, "review/holding.html", one=found, is_mine=True, held_until=found.claimed_until, loads=False
    )


@blueprint.post("/<observation_id:uuid>/letting-go", name="let_go", ctx_guard=HOLD)
async def let_go(request: Request, observation_id: UUID) -> HTTPResponse:
    """Release the claim on a report."""
    actor = actor_of(request)
    observation = await observations.observation_reviewed_by(actor, observation_id)
    await observations.let_go(observation_id, by=actor)
    if not is_part(request):
        return redirect("/console/review", status=303)
    return await page(
        request, "review/holding.html", one=observation, is_mine=False, held_until=None, loads=False
    )
