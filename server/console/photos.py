"""Photos on the console: for those who may review the report they belong to, while they are signed in."""

from uuid import UUID

from sanic import Blueprint, HTTPResponse, Request

from server import observations
from server.door.arriving import tools_of
from server.door.guards import desk
from server.door.operations import visitor_of
from server.people import Act

blueprint = Blueprint("console_photos")
FIVE_MINUTES = "private, max-age=300"


@blueprint.get("/photos/<rendition_id:uuid>", name="show", ctx_guard=desk(Act.REVIEW_OBSERVATIONS))
async def show(request: Request, rendition_id: UUID) -> HTTPResponse:
    """A rendition; the address never changes, so a list of thumbs is fetched once."""
    rendition = await observations.rendition_reviewed_by(visitor_of(request), rendition_id)
    headers = {"Cache-Control": FIVE_MINUTES, "ETag": f'"{rendition.sha256}"'}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return HTTPResponse(status=304, headers=headers)
    picture = await tools_of(request).storage.read(rendition.key)
    return HTTPResponse(picture, headers=headers, content_type="image/jpeg")
