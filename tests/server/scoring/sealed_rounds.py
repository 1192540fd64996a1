"""Rounds for tests of the arithmetic: rules, and ballots of which only the total matters."""

from decimal import Decimal

from server.scoring import (
    AnonymousBallot,
    Criterion,
    Entry,
    Group,
    Rules,
    Sealed,
    Vote,
    ballot_digest,
    snapshot_of,
)
from server.scoring.exporting import labels_of
from server.scoring.rules import TRIMMED, Scale

ROUND = "3b1c8f6e-0000-4000-8000-000000000001"


def one_criterion(*groups, table=TRIMMED, **changes):
    """Return rules under which a ballot's only score is its total."""
    named = [Group(one, f"{one}组", Decimal(weight)) for one, weight in groups or [("a", 100)]]
    told = {"scale": Scale(step=Decimal("0.25")), "comment_below": None, "merge_below": 0} | changes
    return Rules(criteria=[Criterion("c1", "总体", Decimal(100))], groups=named, table=list(table), **told)


def votes(*totals, group="a", entry="e1"):
    return [Vote(entry, group, {"c1": str(total)}) for total in totals]


def sealed(rules, cast, *, entries, name="观摩"):
    """Return what remains of a round with these votes; salts follow their order."""
    kept, digest = snapshot_of(rules)
    labels = labels_of(entries, cast, rules)
    ballots = []
    for number, vote in enumerate(cast):
        salt, scores = f"{number:032x}", dict(vote.scores)
        mark = ballot_digest(round_id=ROUND, entry=vote.entry, salt=salt, scores=scores)
        ballots.append(AnonymousBallot(mark, salt, labels[vote.entry, vote.group], vote.entry, scores))
    return Sealed(
        visit={"id": ROUND, "name": name},
        rules=kept,
        rule_digest=digest,
        entries=[Entry(one, f"第{one}站") for one in entries],
        ballots=ballots,
        not_counted=[],
    )
