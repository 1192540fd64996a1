"""Photos on the console: of reports for reviewers, evidence and released ones for units, of missions for planners."""

from uuid import UUID

from sanic import Blueprint, HTTPResponse, Request

from models import Rendition
from server import cases, ledger, observations, team
from server.people import Permission
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of
from server.web.door.tags import is_known, tag_of

blueprint = Blueprint("console_photos")
FIVE_MINUTES = "private, max-age=300"


@blueprint.get("/photos/<rendition_id:uuid>", name="show", ctx_guard=desk(Permission.REVIEW_OBSERVATIONS))
async def show(request: Request, rendition_id: UUID) -> HTTPResponse:
    """Return a rendition of a report's photo; its address never changes, so thumbnails are fetched only once."""
    return await _send(request, await observations.rendition_reviewed_by(actor_of(request), rendition_id))


@blueprint.get("/evidence/<rendition_id:uuid>", name="show_evidence", ctx_guard=desk(Permission.SEE_LEDGER))
async def show_evidence(request: Request, rendition_id: UUID) -> HTTPResponse:
    """Return a rendition of a photo that a unit handed in."""
    return await _send(request, await ledger.evidence_seen_by(actor_of(request), rendition_id))


@blueprint.get("/released/<rendition_id:uuid>", name="show_released", ctx_guard=desk(Permission.SEE_CASES))
async def show_released(request: Request, rendition_id: UUID) -> HTTPResponse:
    """Return a rendition of a photo that the office released to a unit, without any mark."""
    return await _send(request, await cases.picture_seen_by(actor_of(request), rendition_id))


@blueprint.get("/findings/<rendition_id:uuid>", name="show_finding", ctx_guard=desk(Permission.SEE_MISSIONS))
async def show_finding(request: Request, rendition_id: UUID) -> HTTPResponse:
    """Return a rendition of a photo that a mission took for a checklist question."""
    return await _send(request, await team.finding_seen_by(actor_of(request), rendition_id))


async def _send(request: Request, rendition: Rendition) -> HTTPResponse:
    headers = {"Cache-Control": FIVE_MINUTES, "ETag": tag_of(rendition.sha256)}
    if is_known(request, headers["ETag"]):
        return HTTPResponse(status=304, headers=headers)
    picture = await tools_of(request).storage.read(rendition.key)
    return HTTPResponse(picture, headers=headers, content_type="image/jpeg")
