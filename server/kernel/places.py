"""Positions: two datums, the distance between two places, and how well a place is proven."""

from math import asin, cos, hypot, pi, radians, sin, sqrt
from typing import NamedTuple

from models.vocabulary import Datum, PlaceGrade

EARTH_RADIUS_M = 6_371_008.8

# GCJ-02 is WGS-84 on the Krasovsky ellipsoid, shifted by a fixed sum of sines; mainland only.
KRASOVSKY_AXIS_M = 6_378_245.0
KRASOVSKY_ECCENTRICITY_SQUARED = 0.006_693_421_622_965_943
BENT_LATITUDES = (0.8293, 55.8271)
BENT_LONGITUDES = (72.004, 137.8347)

PRECISE_M = 50.0


class Position(NamedTuple):
    """Degrees north and east, and their datum: without the datum a position may be 500 m off."""

    latitude: float
    longitude: float
    datum: Datum


def to_wgs84(position: Position) -> Position:
    """Convert a position to WGS-84; converting back to GCJ-02 returns to the start within a millimetre."""
    if position.datum is Datum.WGS84:
        return position
    guess = Position(position.latitude, position.longitude, Datum.WGS84)
    for _ in range(10):
        bent = to_gcj02(guess)
        north, east = position.latitude - bent.latitude, position.longitude - bent.longitude
        guess = Position(guess.latitude + north, guess.longitude + east, Datum.WGS84)
        if hypot(north, east) < 1e-10:
            break
    return guess


def to_gcj02(position: Position) -> Position:
    """Convert a position to GCJ-02, the datum of Chinese maps; positions outside the mainland stay as they are."""
    if position.datum is Datum.GCJ02:
        return position
    latitude, longitude, _ = position
    if not (_within(latitude, BENT_LATITUDES) and _within(longitude, BENT_LONGITUDES)):
        return Position(latitude, longitude, Datum.GCJ02)

    north_m, east_m = _bend(longitude - 105.0, latitude - 35.0)
    parallel = radians(latitude)
    flattening = 1 - KRASOVSKY_ECCENTRICITY_SQUARED * sin(parallel) ** 2
    meridian_m = KRASOVSKY_AXIS_M * (1 - KRASOVSKY_ECCENTRICITY_SQUARED) / flattening**1.5
    parallel_m = KRASOVSKY_AXIS_M / sqrt(flattening) * cos(parallel)
    return Position(
        latitude + north_m / radians(meridian_m),
        longitude + east_m / radians(parallel_m),
        Datum.GCJ02,
    )


def distance_m(here: Position, there: Position) -> float:
    """Return the great-circle distance in metres, for any datums: both are converted to WGS-84 first."""
    here, there = to_wgs84(here), to_wgs84(there)
    south, north = radians(here.latitude), radians(there.latitude)
    across = sin(radians(there.longitude - here.longitude) / 2)
    chord = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * across**2
    return 2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, chord)))


def grade(
    *,
    accuracy_m: float | None,
    distance_to_site_m: float | None,
    fence_m: float,
    located: bool = True,
) -> PlaceGrade:
    """Grade how well a place is proven (SUB-08); a grade is evidence and never blocks a report.

    With a site: A inside the fence with an accuracy of 50 m or better, B within fence + accuracy, C beyond.
    Without a site (`distance_to_site_m` is None) nothing is confirmed: a precise position is B, any other C.
    D if there is no position. An accuracy that is unknown or 0 (as mock providers report) never makes a place
    precise and never widens the fence: a point picked on the map is B at best.
    """
    if not located:
        return PlaceGrade.D
    accuracy = accuracy_m if accuracy_m is not None and accuracy_m > 0 else None
    precise = accuracy is not None and accuracy <= PRECISE_M
    if distance_to_site_m is None:
        return PlaceGrade.B if precise else PlaceGrade.C
    if precise and distance_to_site_m <= fence_m:
        return PlaceGrade.A
    return PlaceGrade.B if distance_to_site_m <= fence_m + (accuracy or 0) else PlaceGrade.C


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]


def _bend(x: float, y: float) -> tuple[float, float]:
    """Return how many metres GCJ-02 shifts a point north and east; `x` and `y` are degrees from 105° E 35° N."""
    ripple = 20 * sin(6 * pi * x) + 20 * sin(2 * pi * x)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += (ripple + _swell(y, (20, 40, 160, 320))) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east += (ripple + _swell(x, (20, 40, 150, 300))) * 2 / 3
    return north, east


def _swell(degrees: float, heights: tuple[float, float, float, float]) -> float:
    """Return the sum of four waves that are 2, 6, 24 and 60 degrees long."""
    return sum(
        height * sin(degrees * pi / length) for height, length in zip(heights, (1, 3, 12, 30), strict=True)
    )
