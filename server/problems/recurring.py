"""Recurrence (回潮): a problem that comes back after an earlier one was closed, and problems by cause (PRB-05)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models import Problem
from models.vocabulary import Datum, ProblemCause
from models.vocabulary import ProblemState as S
from server.kernel.places import Position, distance_m
from server.people import Actor
from server.problems.reading import visible
from server.problems.states import OPEN

WITHIN = timedelta(days=180)
NEAR_M = 200.0
LOOK_BACK = timedelta(days=730)
MOST = 2000


@dataclass(frozen=True)
class Recurrence:
    """An earlier problem that was closed, and why the later one looks like its return."""

    earlier: Problem
    reasons: list[str]


@dataclass(frozen=True)
class CauseGroup:
    """The problems of one cause; None: not triaged yet."""

    cause: ProblemCause | None
    total: int
    open: int
    recurred: int


async def recurrences_of(problem: Problem, *, seen_by: Actor) -> list[Recurrence]:
    """Return the earlier problems that this one repeats, as far as the actor may see them, the latest first."""
    since = problem.collected_at - WITHIN
    earlier = visible(seen_by).filter(collected_at__lt=problem.collected_at, touched_at__gte=since)
    found = await earlier.exclude(id=problem.id).order_by("-touched_at").limit(MOST).select_related("item")
    judged = [Recurrence(one, reasons_to_see(problem, one)) for one in found]
    return [one for one in judged if one.reasons]


async def causes_of(actor: Actor, *, now: datetime) -> list[CauseGroup]:
    """Return the visible problems of two years by cause, the causes that come back most first."""
    recent = visible(actor).filter(collected_at__gte=now - LOOK_BACK)
    found = await recent.order_by("-collected_at").limit(MOST).select_related("item")
    by_cause: dict[ProblemCause | None, list[Problem]] = defaultdict(list)
    for one in found:
        by_cause[one.cause].append(one)
    back = {one.id for one in found if any(reasons_to_see(one, other) for other in _before(one, found))}
    groups = [
        CauseGroup(
            cause,
            total=len(ones),
            open=sum(one.state in OPEN for one in ones),
            recurred=sum(one.id in back for one in ones),
        )
        for cause, ones in by_cause.items()
    ]
    return sorted(groups, key=lambda one: (-one.recurred, -one.total))


def reasons_to_see(later: Problem, earlier: Problem) -> list[str]:
    """Return why a problem repeats an earlier one that was closed within 180 days before it; empty if it doesn't.

    They are within 200 m of each other, or the same bank took both in for the same cause. Pure.
    """
    closed_at = _closed_at(earlier)
    if closed_at is None or not timedelta() <= later.collected_at - closed_at <= WITHIN:
        return []
    reasons = []
    here, there = _position(later), _position(earlier)
    if here and there and (metres := distance_m(here, there)) <= NEAR_M:
        reasons.append(f"相距{metres:.0f}米")
    if later.cause and later.cause is earlier.cause and later.origin_id == earlier.origin_id:
        reasons.append(f"成因相同（{later.cause.label}）")
    return reasons


def _before(one: Problem, found: Sequence[Problem]) -> list[Problem]:
    return [other for other in found if other.collected_at < one.collected_at]


def _closed_at(problem: Problem) -> datetime | None:
    """Return when a problem was closed: its item's close-out, or its settlement; None while it is open."""
    if problem.item and problem.item.closed_at:
        return problem.item.closed_at
    return problem.touched_at if problem.state is S.SETTLED else None


def _position(problem: Problem) -> Position | None:
    if problem.wgs_latitude is None or problem.wgs_longitude is None:
        return None
    return Position(problem.wgs_latitude, problem.wgs_longitude, Datum.WGS84)
