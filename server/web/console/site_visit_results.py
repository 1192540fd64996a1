"""The published result of a visit as a file that anybody can recompute with scripts/verify-result (VIS-13)."""

from uuid import UUID

import msgspec
from sanic import Blueprint, HTTPResponse, Request

from server import scoring, site_visits
from server.people import Permission
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_site_visit_results", url_prefix="/site-visits")


@blueprint.get("/<visit_id:uuid>/result.json", name="export", ctx_guard=desk(Permission.SEE_SCORING))
async def export_result(request: Request, visit_id: UUID) -> HTTPResponse:
    """Send the rules, anonymous ballots, result and digests; nobody gets the file before publication."""
    visit = await site_visits.visit_seen_by(actor_of(request), visit_id)
    told = await scoring.published_export(visit.id)
    name = f"attachment; filename=result-{visit.held_on:%Y%m%d}.json"
    headers = {"Cache-Control": "no-store", "Content-Disposition": name}
    return HTTPResponse(msgspec.json.encode(told), headers=headers, content_type="application/json")
