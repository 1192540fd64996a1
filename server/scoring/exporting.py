"""The export of a result, from which anybody recomputes it: `scripts/verify-result FILE.json`. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from server.scoring.aggregation import Cell, EntryResult, Vote, cells_of, groups_of, ranking
from server.scoring.rules import Rules, rules_from


class Entry(Struct, frozen=True):
    """What is scored, in the order of the round."""

    id: str
    name: str


class AnonymousBallot(Struct, frozen=True):
    """A counted ballot as it is published; `group` is that of its cell."""

    digest: str
    salt: str
    group: str
    entry: str
    scores: dict[str, str]


class NotCounted(Struct, frozen=True):
    """A ballot that was heard and does not count, and the kind of reason."""

    digest: str
    why: str


class Sealed(Struct, frozen=True, kw_only=True):
    """All that is left of a round's ballots after the seal."""

    visit: dict[str, str]  # id and name, and whatever else the round is called by
    rules: dict[str, Any]
    rule_digest: str
    entries: list[Entry]
    ballots: list[AnonymousBallot]
    not_counted: list[NotCounted]
    notes: list[str] = []


def as_votes(ballots: Iterable[AnonymousBallot]) -> list[Vote]:
    """Published ballots, each with the label of its cell."""
    return [Vote(one.entry, one.group, one.scores) for one in ballots]


def export_of(sealed: Sealed, result: Sequence[EntryResult]) -> dict[str, Any]:
    """The whole export; equal content is equal text, whatever the order in which ballots came."""
    ballots = sorted(sealed.ballots, key=lambda one: one.digest)
    return {
        "visit": sealed.visit,
        "rules": sealed.rules,
        "rule_digest": sealed.rule_digest,
        "entries": msgspec.to_builtins(sealed.entries),
        "groups": _groups(rules_from(sealed.rules), {one.group for one in ballots}),
        "ballots": msgspec.to_builtins(ballots),
        "result": msgspec.to_builtins(result),
        "digests": [one.digest for one in ballots],
        "not_counted": msgspec.to_builtins(sorted(sealed.not_counted, key=lambda one: one.digest)),
        "notes": sealed.notes,
    }


def _groups(rules: Rules, occurring: set[str]) -> list[dict[str, Any]]:
    """The declared groups and the joined ones that occur, in the declared order of their members."""
    place = {group.id: n for n, group in enumerate(rules.groups)}
    cells = [Cell(groups_of(label, rules), ()) for label in place.keys() | occurring]
    cells.sort(key=lambda cell: [place[group.id] for group in cell.groups])
    return [
        {
            "id": cell.id,
            "name": cell.name,
            "weight": str(cell.weight),
            "of": [group.id for group in cell.groups],
        }
        for cell in cells
    ]


def labels_of(entries: Sequence[str], votes: Sequence[Vote], rules: Rules) -> dict[tuple[str, str], str]:
    """The label of the cell in which each (entry, group) is counted."""
    return {
        (entry, group.id): cell.id
        for entry in entries
        for cell in cells_of(entry, votes, rules)
        for group in cell.groups
    }


def recomputed(sealed: Sealed) -> list[EntryResult]:
    """The result from what is published alone; equals what was stored at the seal."""
    return ranking([one.id for one in sealed.entries], as_votes(sealed.ballots), rules_from(sealed.rules))
