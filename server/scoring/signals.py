"""Detects what looks like careless or arranged scoring; a person decides, nothing is dropped automatically. Pure.

Ballots come as {judge: {entry: {criterion: score}}}; other packages judge what they know of devices and places.
"""

from collections.abc import Hashable, Mapping
from itertools import combinations
from typing import TypeVar

J = TypeVar("J", bound=Hashable)
Sheets = Mapping[str, Mapping[str, str]]  # {entry: {criterion: score}} of one judge
FEWEST_BALLOTS = 2
FEWEST_FIGURES = 6  # two people agree on fewer figures by chance


def straight_lining(ballots: Mapping[J, Sheets]) -> set[J]:
    """Return judges with at least two ballots that each have one single figure or are all the same."""
    return {judge for judge, sheets in ballots.items() if _is_one_line(sheets)}


def identical(ballots: Mapping[J, Sheets]) -> set[frozenset[J]]:
    """Return pairs of judges who gave equal figures for every entry that both scored, at least six figures."""
    return {
        frozenset((one, other))
        for one, other in combinations(ballots, 2)
        if _agree(ballots[one], ballots[other])
    }


def _is_one_line(sheets: Sheets) -> bool:
    if len(sheets) < FEWEST_BALLOTS or any(len(scores) < FEWEST_BALLOTS for scores in sheets.values()):
        return False
    flat = all(len(set(scores.values())) == 1 for scores in sheets.values())
    rows = [tuple(sorted(scores.items())) for scores in sheets.values()]
    return flat or len(set(rows)) == 1


def _agree(one: Sheets, other: Sheets) -> bool:
    both = one.keys() & other.keys()
    figures = sum(len(one[entry]) for entry in both)
    return figures >= FEWEST_FIGURES and all(one[entry] == other[entry] for entry in both)
