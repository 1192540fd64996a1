"""A plain plot of points without a map service: metres on a flat sheet, clusters, a scale bar. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, floor, log10, radians
from typing import Generic, Protocol, TypeVar

WIDTH, HEIGHT, MARGIN = 1000, 560, 40
CELL = 44  # closer points are drawn as one
LEAST_SPAN_M = 10.0
DEGREE_M = 111_195.0
LONGEST_BAR = 200


class Placed(Protocol):
    """Anything with a position in WGS-84 degrees."""

    @property
    def latitude(self) -> float: ...
    @property
    def longitude(self) -> float: ...


T = TypeVar("T", bound=Placed)


@dataclass(frozen=True)
class Dot(Generic[T]):
    """One or more things at a spot of the sheet, with the corners (south, west, north, east) that enclose them."""

    x: float
    y: float
    things: list[T]
    corners: tuple[float, float, float, float]


@dataclass(frozen=True)
class Plot(Generic[T]):
    """The sheet: dots, and a scale bar that stands for `bar_m` metres and is `bar` long."""

    dots: list[Dot[T]]
    bar: float
    bar_m: int

    @property
    def lines(self) -> tuple[list[float], list[float]]:
        """Return the positions of the grid lines, across and down; a square is as wide as the scale bar."""
        across, down = int(WIDTH // self.bar), int(HEIGHT // self.bar)
        return [at * self.bar for at in range(1, across + 1)], [at * self.bar for at in range(1, down + 1)]


def plot(things: Sequence[T]) -> Plot[T] | None:
    """Return things on a sheet of WIDTH × HEIGHT with north up and one scale both ways; None without any things."""
    if not things:
        return None
    south, west, north, east = corners_of(things)
    shrink = cos(radians((south + north) / 2))
    across = max((east - west) * DEGREE_M * shrink, LEAST_SPAN_M)
    upward = max((north - south) * DEGREE_M, LEAST_SPAN_M)
    scale = min((WIDTH - 2 * MARGIN) / across, (HEIGHT - 2 * MARGIN) / upward)  # per metre
    return sheet(
        [
            (
                WIDTH / 2 + (one.longitude - (west + east) / 2) * DEGREE_M * shrink * scale,
                HEIGHT / 2 - (one.latitude - (south + north) / 2) * DEGREE_M * scale,
                one,
            )
            for one in things
        ],
        scale=scale,
    )


def sheet(spots: Sequence[tuple[float, float, T]], *, scale: float) -> Plot[T]:
    """Return spots on a sheet as dots, close ones merged, with the bar for a scale per metre."""
    cells: dict[tuple[int, int], list[tuple[float, float, T]]] = defaultdict(list)
    for x, y, one in spots:
        cells[int(x // CELL), int(y // CELL)].append((x, y, one))
    bar_m = _round_length(LONGEST_BAR / scale)
    return Plot([_dot(cell) for cell in cells.values()], bar_m * scale, bar_m)


def corners_of(things: Sequence[Placed]) -> tuple[float, float, float, float]:
    """Return the south, west, north and east limits of things."""
    north = [one.latitude for one in things]
    east = [one.longitude for one in things]
    return min(north), min(east), max(north), max(east)


def _dot(cell: list[tuple[float, float, T]]) -> Dot[T]:
    things = [thing for _, _, thing in cell]
    x = sum(spot[0] for spot in cell) / len(cell)
    y = sum(spot[1] for spot in cell) / len(cell)
    return Dot(round(x, 1), round(y, 1), things, corners_of(things))


def _round_length(longest_m: float) -> int:
    """Return the longest of 1, 2, 5 × 10ⁿ metres that fits, at least one metre."""
    power = 10 ** max(0, floor(log10(max(longest_m, 1))))
    return int(max(step * power for step in (1, 2, 5) if step * power <= max(longest_m, 1)))
