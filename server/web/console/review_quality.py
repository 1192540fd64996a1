"""Which categories bring noise: what became of a year's reports, for the people who review them."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from server import observations, policies
from server.kernel.clock import SHANGHAI, business_date
from server.people import Permission
from server.web.console.pages import page
from server.web.console.reading_forms import read_filter
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_review_quality", url_prefix="/review/quality")


class OfYear(Struct, frozen=True, kw_only=True):
    """The year whose reports are counted; this year if not given."""

    year: Annotated[int, Meta(ge=2000, le=2100)] | None = None


@blueprint.get("/", name="show", ctx_guard=desk(Permission.REVIEW_OBSERVATIONS))
async def show_quality(request: Request) -> HTTPResponse:
    """Show for each category how many reports came, were accepted and were declined."""
    now = tools_of(request).clock.now()
    year = read_filter(request, OfYear).year or business_date(now).year
    found = await observations.quality_by_category(
        actor_of(request),
        since=datetime(year, 1, 1, tzinfo=SHANGHAI),
        until=datetime(year + 1, 1, 1, tzinfo=SHANGHAI),
        categories=(await policies.in_force()).categories,
    )
    return await page(request, "review/quality.html", found=found, year=year)
