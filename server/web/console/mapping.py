"""The map of the visible items, drawn by us or on the tiles of the office's map service."""

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from msgspec import Meta
from sanic import Blueprint, HTTPResponse, Request
from tortoise.expressions import Q

from models import LedgerItem
from models.vocabulary import Light, OrganisationKind
from server import ledger, people
from server.kernel.calendars import calendar
from server.kernel.clock import business_date
from server.ledger import LedgerView, LightStatus
from server.ledger.viewing import narrowed
from server.people import Permission
from server.web.console import plotting, tiling
from server.web.console.ledger_links import filter_fields
from server.web.console.pages import page
from server.web.console.reading_forms import read_filter
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_map", url_prefix="/map")

LISTED = 500
NAMED = 24  # dots; with more, names would overlap
NEARLY = 1e-6  # degrees, about ten centimetres
CORNERS = ("south", "west", "north", "east")
Degrees = Annotated[float, Meta(ge=-180, le=180)]


class Shown(LedgerView, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The ledger's filter, a county and the corners of the map; the whole map if no corners are given."""

    district: UUID | None = None
    south: Degrees = -90
    west: Degrees = -180
    north: Degrees = 90
    east: Degrees = 180


@dataclass(frozen=True)
class Point:
    """An item on the map."""

    id: UUID
    number: str
    title: str
    latitude: float
    longitude: float
    status: LightStatus


@blueprint.get("/", name="show", ctx_guard=desk(Permission.SEE_SOURCES))
async def show(request: Request) -> HTTPResponse:
    """Show the items that have a place; a click opens a single item or zooms in on several."""
    actor, tools = actor_of(request), tools_of(request)
    today = business_date(tools.clock.now())
    asked = read_filter(request, Shown)
    shown = msgspec.structs.replace(asked, year=asked.year or today.year)
    items = ledger.wanted(actor, shown).filter(
        await narrowed(shown, actor=actor, today=today), await _within(shown)
    )
    placed = await items.filter(wgs_latitude__isnull=False).order_by("number_text")
    known = await calendar()
    points = [_point(item, ledger.light_of(item, today=today, calendar=known)) for item in placed]
    inside = [one for one in points if _is_inside(one, shown)]
    drawn, tiles = _drawn(inside, settings=tools.settings)
    tree = await people.organisation_tree()
    return await page(
        request,
        "map.html",
        wanted=shown,
        years=await ledger.years(actor),
        lights=list(Light),
        districts=[one for _, one in tree if one.kind is OrganisationKind.COUNTY_REFORM_OFFICE],
        total=await items.count(),
        count=len(points),
        inside=inside,
        listed=inside[:LISTED],
        drawn=drawn,
        tiles=tiles,
        credit=tools.settings.map_credit,
        size=(plotting.WIDTH, plotting.HEIGHT),
        is_named=drawn is not None and len(drawn.dots) <= NAMED,
        whole=_address(shown),
        nearer=lambda dot: _nearer(dot, shown),
    )


def _drawn(points: list[Point], *, settings: Any) -> tuple[plotting.Plot[Point] | None, list[tiling.Tile]]:
    if not points or not settings.map_tiles:
        return plotting.plot(points), []
    return tiling.plot_on_tiles(points, address=settings.map_tiles, datum=settings.map_datum)


async def _within(shown: Shown) -> Q:
    """Return a filter for items that a county's office registered or its units work on. Raises NoSuchThing."""
    if shown.district is None:
        return Q()
    path = (await people.organisation(shown.district)).path
    return Q(organisation__path__startswith=path) | Q(lead_unit__path__startswith=path)


def _point(item: LedgerItem, status: LightStatus) -> Point:
    north, east = item.wgs_latitude or 0.0, item.wgs_longitude or 0.0
    return Point(item.id, item.number_text, item.title, north, east, status)


def _is_inside(one: Point, shown: Shown) -> bool:
    return shown.south <= one.latitude <= shown.north and shown.west <= one.longitude <= shown.east


def _nearer(dot: plotting.Dot[Point], shown: Shown) -> str:
    """Return where a click on a dot leads: to the item, or to the map between the dot's corners."""
    if len(dot.things) == 1:
        return f"/console/ledger/{dot.things[0].id}"
    south, west, north, east = dot.corners
    corners = (south - NEARLY, west - NEARLY, north + NEARLY, east + NEARLY)
    return _address(shown, **dict(zip(CORNERS, corners, strict=True)))


def _address(shown: Shown, **corners: float) -> str:
    fields = {name: value for name, value in filter_fields(shown).items() if name not in CORNERS}
    return f"/console/map?{urlencode(fields | corners)}"
