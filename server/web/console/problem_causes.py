"""Problems by cause, and how many of them came back after they were closed (PRB-05)."""

from sanic import Blueprint, HTTPResponse, Request

from server import problems
from server.people import Permission
from server.web.console.pages import page
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_problem_causes", url_prefix="/problems/causes")


@blueprint.get("/", name="show", ctx_guard=desk(Permission.SEE_PROBLEMS))
async def show_causes(request: Request) -> HTTPResponse:
    """Show the causes of the problems that an actor may see, those that come back most first."""
    groups = await problems.causes_of(actor_of(request), now=tools_of(request).clock.now())
    return await page(request, "problems/causes.html", groups=groups)
