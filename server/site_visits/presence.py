"""Weighs the evidence for a person's presence at a stop (G13). Pure: the phone's claims, judged against the plan.

The order of the judgements is that of the words people read. Impossible claims are refused; possible but unproven
ones go to a person, and never block scoring.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from models.vocabulary import CheckInWay, Doubt, PlaceGrade
from server.kernel.places import Position, distance_m, grade
from server.site_visits.codes import begin_of, step_of
from server.site_visits.refusals import ScreenCodeExpired, StopNotOpen

FRESH_FROM = timedelta(seconds=-5)  # a screen that is slightly ahead
FRESH_UNTIL = timedelta(seconds=60)  # after the step began: two steps; later it may be a photo of the screen
CLOCK_OFF = timedelta(seconds=120)
LATER_OFF = timedelta(seconds=90)  # between a code's step and the time that an offline phone claims
LATER_WITHIN = timedelta(hours=24)
VAGUE_M = 200.0


@dataclass(frozen=True)
class Site:
    """Where and when a stop is."""

    opens_at: datetime
    closes_at: datetime
    position: Position | None
    fence_m: int


@dataclass(frozen=True)
class Claim:
    """What a phone claims: the code that it made, its position, its time."""

    code: str | None
    position: Position | None
    accuracy_m: float | None
    claimed_at: datetime


@dataclass(frozen=True)
class Judged:
    """How and when presence was established, and every doubt; without doubts it counts automatically."""

    way: CheckInWay
    was_at: datetime
    doubts: list[Doubt]
    place_grade: PlaceGrade
    distance_m: int | None


def judge(claim: Claim, site: Site, *, now: datetime, is_used_device: bool) -> Judged:
    """Judge a claim with a right and unused code, or with none; raises StopNotOpen, ScreenCodeExpired."""
    way = way_of(claim, now=now)
    was_at = claim.claimed_at if way is CheckInWay.LATER else now
    if not site.opens_at <= was_at <= site.closes_at:
        raise StopNotOpen(opens_at=site.opens_at.isoformat(), closes_at=site.closes_at.isoformat())
    away = _away(claim, site)
    return Judged(
        way=way,
        was_at=was_at,
        doubts=[
            *([Doubt.NO_CODE] if way is CheckInWay.PLACE else []),
            *([Doubt.LATER] if way is CheckInWay.LATER else _clock(claim, now=now)),
            *([Doubt.SAME_DEVICE] if is_used_device else []),
            *_place(claim, site, away=away),
        ],
        place_grade=grade(
            accuracy_m=claim.accuracy_m,
            distance_to_site_m=away,
            fence_m=site.fence_m,
            located=claim.position is not None,
        ),
        distance_m=round(away) if away is not None else None,
    )


def way_of(claim: Claim, *, now: datetime) -> CheckInWay:
    """Return whether the code is fresh, was scanned offline, or is missing; raises ScreenCodeExpired otherwise."""
    step = step_of(claim.code) if claim.code else None
    if step is None:
        return CheckInWay.PLACE
    begun = begin_of(step)
    if FRESH_FROM <= now - begun <= FRESH_UNTIL:
        return CheckInWay.CODE
    is_then = abs(claim.claimed_at - begun) <= LATER_OFF
    if is_then and FRESH_UNTIL < now - begun <= LATER_WITHIN:
        return CheckInWay.LATER
    raise ScreenCodeExpired


def _clock(claim: Claim, *, now: datetime) -> list[Doubt]:
    return [Doubt.CLOCK] if abs(claim.claimed_at - now) > CLOCK_OFF else []


def _away(claim: Claim, site: Site) -> float | None:
    if claim.position is None or site.position is None:
        return None
    return distance_m(claim.position, site.position)


def _place(claim: Claim, site: Site, *, away: float | None) -> list[Doubt]:
    """Return the doubts about the place: a stop without one has no fence; accuracy that is unknown or 0 widens none."""
    if site.position is None:
        return []
    if away is None:
        return [Doubt.NO_PLACE]
    accuracy = claim.accuracy_m if claim.accuracy_m and claim.accuracy_m > 0 else 0.0
    if accuracy > VAGUE_M:
        return [Doubt.VAGUE_PLACE]
    return [Doubt.FAR_AWAY] if away > site.fence_m + accuracy else []
