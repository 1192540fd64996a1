"""What looks like careless or arranged scoring; a person decides about it, nothing is dropped by itself. Pure.

Ballots come as {judge: {entry: {criterion: score}}}; what other rooms know of devices and places they judge themselves.
"""

from collections.abc import Hashable, Mapping
from itertools import combinations
from typing import TypeVar

J = TypeVar("J", bound=Hashable)
Sheets = Mapping[str, Mapping[str, str]]  # {entry: {criterion: score}} of one judge
FEWEST_BALLOTS = 2
FEWEST_FIGURES = 6  # two people agree on fewer figures by chance


def straight_lining(ballots: Mapping[J, Sheets]) -> set[J]:
    """Judges with two ballots or more, each of one single figure, or all of them the same."""
    return {judge for judge, sheets in ballots.items() if _is_one_line(sheets)}


def identical(ballots: Mapping[J, Sheets]) -> set[frozenset[J]]:
    """Pairs of judges who gave the same figure at every entry that both scored, six figures or more."""
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
