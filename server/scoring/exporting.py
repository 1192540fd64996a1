"""The export of a result, for recomputing it independently: `scripts/verify-result FILE.json`. Pure."""

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
    """A counting ballot as it is published; `group` is that of its cell."""

    digest: str
    salt: str
    group: str
    entry: str
    scores: dict[str, str]


class NotCounted(Struct, frozen=True):
    """A ballot that does not count, and the kind of reason."""

    digest: str
    why: str


class Sealed(Struct, frozen=True, kw_only=True):
    """All that remains of a round's ballots after the seal."""

    visit: dict[str, str]  # id and name, and other names of the round
    rules: dict[str, Any]
    rule_digest: str
    entries: list[Entry]
    ballots: list[AnonymousBallot]
    not_counted: list[NotCounted]
    notes: list[str] = []


def as_votes(ballots: Iterable[AnonymousBallot]) -> list[Vote]:
    """Return published ballots as votes, each with the label of its cell."""
    return [Vote(one.entry, one.group, one.scores) for one in ballots]


def export_of(sealed: Sealed, result: Sequence[EntryResult]) -> dict[str, Any]:
    """Return the whole export; equal content gives equal text, in whatever order ballots arrived."""
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


def with_earlier(versions: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return the newest export of a round; `earlier` holds what its former rules gave, down to those of the seal."""
    kept = ("rules", "rule_digest", "groups", "result")
    return versions[0] | {"earlier": [{key: one[key] for key in kept} for one in versions[1:]]}


def _groups(rules: Rules, occurring: set[str]) -> list[dict[str, Any]]:
    """Return the declared groups and the joined ones that occur, in the declared order of their members."""
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
    """Return the label of the cell in which each (entry, group) is counted."""
    return {
        (entry, group.id): cell.id
        for entry in entries
        for cell in cells_of(entry, votes, rules)
        for group in cell.groups
    }


def recomputed(sealed: Sealed) -> list[EntryResult]:
    """Recompute the result from published data alone; it equals what was stored at the seal."""
    return ranking([one.id for one in sealed.entries], as_votes(sealed.ballots), rules_from(sealed.rules))
