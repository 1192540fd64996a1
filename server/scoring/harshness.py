"""Measures how far judges are above or below the others: shown beside the result, never part of it (VIS-15). Pure."""

from collections.abc import Hashable, Iterable, Mapping
from decimal import Decimal
from typing import TypeVar

from msgspec import Struct

from server.scoring.figures import EXACT, mean, two

J = TypeVar("J", bound=Hashable)
FEWEST = 3
FAR = Decimal(1)  # standard deviations, averaged over a judge's entries


class Harshness(Struct, frozen=True):
    """How many judges were harsh, mild or in between; only counts, because a judge's own figure would reveal scores."""

    harsh: int
    mild: int
    between: int


def z_scores(totals: Mapping[str, Mapping[J, Decimal]]) -> dict[J, Decimal]:
    """Return each judge's mean z-score from {entry: {judge: total}}; fewer than three or equal totals are skipped."""
    found: dict[J, list[Decimal]] = {}
    for of_entry in totals.values():
        for judge, z in _of_one(of_entry).items():
            found.setdefault(judge, []).append(z)
    return {judge: two(mean(of_judge)) for judge, of_judge in found.items()}


def spread_of(scores: Iterable[Decimal]) -> Harshness:
    """Count the judges by their z-scores."""
    known = list(scores)
    harsh, mild = sum(z <= -FAR for z in known), sum(z >= FAR for z in known)
    return Harshness(harsh, mild, len(known) - harsh - mild)


def _of_one(totals: Mapping[J, Decimal]) -> dict[J, Decimal]:
    if len(totals) < FEWEST or len(set(totals.values())) == 1:
        return {}
    middle = mean(list(totals.values()))
    gaps = {judge: EXACT.subtract(total, middle) for judge, total in totals.items()}
    variance = mean([EXACT.multiply(gap, gap) for gap in gaps.values()])
    return {judge: EXACT.divide(gap, EXACT.sqrt(variance)) for judge, gap in gaps.items()}
