"""Detects odd movements from stop to stop; a person decides about them. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from models.vocabulary import SignalKind
from server.kernel.places import Position, distance_m

FASTEST_KMH = 120.0  # no bus goes faster from door to door
KM = 1000.0
HOUR = 3600.0


@dataclass(frozen=True)
class Visited:
    """A person's presence at a place and time."""

    at: datetime
    position: Position | None
    fence_m: int = 0


def signals_of(visited: list[Visited], *, least_dwell: timedelta) -> dict[SignalKind, int]:
    """Count how often a person came faster than any bus, or left sooner than they could look around."""
    ordered = sorted(visited, key=lambda one: one.at)
    fast = sum(_is_too_fast(here, there) for here, there in pairwise(ordered))
    short = sum(_is_short(here, there, least=least_dwell) for here, there in pairwise(ordered))
    return {kind: n for kind, n in ((SignalKind.TOO_FAST, fast), (SignalKind.SHORT_DWELL, short)) if n}


def _is_too_fast(here: Visited, there: Visited) -> bool:
    return there.at - here.at < _ride(here, there)


def _is_short(here: Visited, there: Visited, *, least: timedelta) -> bool:
    """Whether even the fastest ride leaves too little time; an arrival that is too fast is reported only once."""
    return timedelta() <= there.at - here.at - _ride(here, there) < least


def _ride(here: Visited, there: Visited) -> timedelta:
    """Return the shortest time from fence to fence."""
    if here.position is None or there.position is None:
        return timedelta()
    away = max(0.0, distance_m(here.position, there.position) - here.fence_m - there.fence_m)
    return timedelta(seconds=away / KM / FASTEST_KMH * HOUR)
