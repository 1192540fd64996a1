"""The map: where the visible items of a year are, drawn by ourselves, nearer at every click."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from msgspec import Meta, Struct
from sanic import Blueprint, HTTPResponse, Request

from models import LedgerItem
from models.vocabulary import Light
from server import ledger
from server.calendars import calendar
from server.clock import business_date
from server.console import plotting
from server.console.pages import page
from server.console.reading_forms import read_filter
from server.door.arriving import tools_of
from server.door.guards import desk
from server.door.operations import visitor_of
from server.ledger import LedgerFilter, Shine
from server.people import Act

blueprint = Blueprint("console_map", url_prefix="/map")

LISTED = 50
NAMED = 24  # dots, above which names would lie over one another
NEARLY = 1e-6  # degrees, a hand's breadth
Degrees = Annotated[float, Meta(ge=-180, le=180)]


class Shown(Struct, frozen=True):
    """Which year, and between which corners; the whole of it if none are given."""

    year: Annotated[int, Meta(ge=2000, le=2100)] | None = None
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
    shine: Shine


@blueprint.get("/", name="show", ctx_guard=desk(Act.SEE_SOURCES))
async def show(request: Request) -> HTTPResponse:
    """The items that have a place; one opens at a click, several come nearer."""
    visitor, shown = visitor_of(request), read_filter(request, Shown)
    today, known = business_date(tools_of(request).clock.now()), await calendar()
    year = shown.year or today.year
    items = ledger.wanted(visitor, LedgerFilter(year=year))
    total = await items.count()
    points = [
        _point(item, ledger.shine_of(item, today=today, calendar=known))
        for item in await items.filter(wgs_latitude__isnull=False).order_by("number_text")
    ]
    inside = [one for one in points if _is_inside(one, shown)]
    drawn = plotting.plot(inside)
    return await page(
        request,
        "map.html",
        year=year,
        total=total,
        count=len(points),
        inside=inside,
        listed=inside[:LISTED],
        drawn=drawn,
        size=(plotting.WIDTH, plotting.HEIGHT),
        lights=Light,
        is_named=drawn is not None and len(drawn.dots) <= NAMED,
        nearer=lambda dot: _nearer(dot, year=year),
    )


def _point(item: LedgerItem, shine: Shine) -> Point:
    north, east = item.wgs_latitude or 0.0, item.wgs_longitude or 0.0
    return Point(item.id, item.number_text, item.title, north, east, shine)


def _is_inside(one: Point, shown: Shown) -> bool:
    return shown.south <= one.latitude <= shown.north and shown.west <= one.longitude <= shown.east


def _nearer(dot: plotting.Dot[Point], *, year: int) -> str:
    """Where a click on a dot leads: to the item, or to the map between the dot's corners."""
    if len(dot.things) == 1:
        return f"/console/ledger/{dot.things[0].id}"
    south, west, north, east = dot.corners
    corners = {
        "south": south - NEARLY,
        "west": west - NEARLY,
        "north": north + NEARLY,
        "east": east + NEARLY,
    }
    return f"/console/map?{urlencode({'year': year} | corners)}"
