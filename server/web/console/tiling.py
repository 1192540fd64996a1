"""The tiles of a map service under the points, if the office has one: Web Mercator, 256 pixels a tile. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import asinh, cos, degrees, radians, tan
from typing import TypeVar

from models.vocabulary import Datum
from server.kernel.places import Position, to_gcj02
from server.web.console.plotting import HEIGHT, MARGIN, WIDTH, Placed, Plot, corners_of, sheet

TILE, NEAREST = 256, 18
EQUATOR_M = 40_075_016.686
T = TypeVar("T", bound=Placed)


@dataclass(frozen=True)
class Tile:
    """One tile of the service and the position of its corner on the sheet."""

    href: str
    x: float
    y: float


def plot_on_tiles(things: Sequence[T], *, address: str, datum: Datum) -> tuple[Plot[T], list[Tile]]:
    """Plot things on the tiles of a service, whose address has {z}, {x} and {y}, in the datum it draws in."""
    south, west, north, east = corners_of(things)
    zoom = max(level for level in range(NEAREST + 1) if level == 0 or _fits(things, level, datum=datum))
    middle_x, middle_y = _pixel((south + north) / 2, (west + east) / 2, zoom, datum=datum)
    left, top = middle_x - WIDTH / 2, middle_y - HEIGHT / 2
    spots = []
    for one in things:
        x, y = _pixel(one.latitude, one.longitude, zoom, datum=datum)
        spots.append((x - left, y - top, one))
    metre = 2**zoom * TILE / (EQUATOR_M * cos(radians((south + north) / 2)))
    return sheet(spots, scale=metre), _tiles(left, top, zoom, address=address)


def _fits(things: Sequence[Placed], zoom: int, *, datum: Datum) -> bool:
    south, west, north, east = corners_of(things)
    left, lower = _pixel(south, west, zoom, datum=datum)
    right, upper = _pixel(north, east, zoom, datum=datum)
    return right - left <= WIDTH - 2 * MARGIN and lower - upper <= HEIGHT - 2 * MARGIN


def _pixel(latitude: float, longitude: float, zoom: int, *, datum: Datum) -> tuple[float, float]:
    here = Position(latitude, longitude, Datum.WGS84)
    there = to_gcj02(here) if datum is Datum.GCJ02 else here
    whole = 2**zoom * TILE
    up = degrees(asinh(tan(radians(there.latitude)))) / 180
    return (there.longitude + 180) / 360 * whole, (1 - up) / 2 * whole


def _tiles(left: float, top: float, zoom: int, *, address: str) -> list[Tile]:
    most = 2**zoom
    columns = range(int(left // TILE), int((left + WIDTH) // TILE) + 1)
    rows = range(max(0, int(top // TILE)), min(most - 1, int((top + HEIGHT) // TILE)) + 1)
    return [
        Tile(
            address.replace("{z}", str(zoom)).replace("{x}", str(x % most)).replace("{y}", str(y)),
            x * TILE - left,
            y * TILE - top,
        )
        for x in columns
        for y in rows
    ]
