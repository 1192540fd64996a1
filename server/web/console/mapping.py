"""The map of the visible items, drawn by us or on the tiles of the office's map service."""

from dataclasses import dataclass
from datetime import date
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
from server.kernel.workdays import Calendar
from server.ledger import LedgerView, LightStatus, placing
from server.ledger.placing import Spot
from server.ledger.reading import of_subtree
from server.ledger.viewing import narrowed
from server.people import Permission
from server.web.console import plotting, tiling
from server.web.console.ledger_links import filter_fields
from server.web.console.pages import long_page
from server.web.console.reading_forms import read_filter
from server.web.door.admission import tools_of
from server.web.door.guards import desk
from server.web.door.operations import actor_of

blueprint = Blueprint("console_map", url_prefix="/map")

LISTED = 500
NAMED = 24  # dots; with more, names would overlap
NEARLY = 1e-6  # degrees, about ten centimetres
TOLD = ("id", "number_text", "title", "state", "due_on", "dispatched_at", "percent")
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
class Mark:
    """A dot on the map: how many items it stands for, where a click on it leads, and a single item with its light."""

    x: float
    y: float
    count: int
    address: str
    item: LedgerItem | None
    status: LightStatus | None


@blueprint.get("/", name="show", ctx_guard=desk(Permission.SEE_SOURCES))
async def show(request: Request) -> HTTPResponse:
    """Show the items that have a place; a click opens a single item or zooms in on several."""
    actor, tools = actor_of(request), tools_of(request)
    today, known = business_date(tools.clock.now()), await calendar()
    asked = read_filter(request, Shown)
    shown = msgspec.structs.replace(asked, year=asked.year or today.year)
    items = ledger.wanted(actor, shown).filter(
        await narrowed(shown, actor=actor, today=today, calendar=known), await _within(shown)
    )
    inside = items.filter(placing.inside(*(getattr(shown, corner) for corner in CORNERS)))
    total, count = await placing.count_placed(items)
    spots = await placing.spots_of(inside)
    drawn, tiles = _drawn(spots, settings=tools.settings)
    listed = await inside.order_by("number_text").limit(LISTED).only(*TOLD)
    tree = await people.organisation_tree()
    return await long_page(
        request,
        "map.html",
        wanted=shown,
        years=await ledger.years(actor),
        lights=list(Light),
        districts=[one for _, one in tree if one.kind is OrganisationKind.COUNTY_REFORM_OFFICE],
        total=total,
        count=count,
        inside=sum(spot.count for spot in spots),
        listed=[(item, ledger.light_of(item, today=today, calendar=known)) for item in listed],
        drawn=drawn,
        marks_drawn=await _marks(drawn, shown, today=today, calendar=known) if drawn else [],
        tiles=tiles,
        credit=tools.settings.map_credit,
        size=(plotting.WIDTH, plotting.HEIGHT),
        is_named=drawn is not None and len(drawn.dots) <= NAMED,
        whole=_address(shown),
    )


def _drawn(spots: list[Spot], *, settings: Any) -> tuple[plotting.Plot[Spot] | None, list[tiling.Tile]]:
    if not spots or not settings.map_tiles:
        return plotting.plot(spots), []
    return tiling.plot_on_tiles(spots, address=settings.map_tiles, datum=settings.map_datum)


async def _marks(drawn: plotting.Plot[Spot], shown: Shown, *, today: date, calendar: Calendar) -> list[Mark]:
    """Return the dots to draw; only the items that stand alone are read."""
    alone = [dot.things[0].item_id for dot in drawn.dots if len(dot.things) == 1]
    items = await LedgerItem.filter(id__in=[one for one in alone if one]).only(*TOLD)
    by_id: dict[UUID | None, LedgerItem] = {item.id: item for item in items}
    found = []
    for dot in drawn.dots:
        item = by_id.get(dot.things[0].item_id) if len(dot.things) == 1 else None
        status = ledger.light_of(item, today=today, calendar=calendar) if item else None
        address = f"/console/ledger/{item.id}" if item else _nearer(dot.things, shown)
        found.append(Mark(dot.x, dot.y, sum(spot.count for spot in dot.things), address, item, status))
    return found


async def _within(shown: Shown) -> Q:
    """Return a filter for items that a county's office registered or its units work on. Raises NoSuchThing."""
    if shown.district is None:
        return Q()
    return of_subtree((await people.organisation(shown.district)).path)


def _nearer(spots: list[Spot], shown: Shown) -> str:
    """Return the address of the map between the corners around several items."""
    souths, wests, norths, easts = zip(*(spot.corners for spot in spots), strict=True)
    corners = (min(souths) - NEARLY, min(wests) - NEARLY, max(norths) + NEARLY, max(easts) + NEARLY)
    return _address(shown, **dict(zip(CORNERS, corners, strict=True)))


def _address(shown: Shown, **corners: float) -> str:
    fields = {name: value for name, value in filter_fields(shown).items() if name not in CORNERS}
    return f"/console/map?{urlencode(fields | corners)}"
