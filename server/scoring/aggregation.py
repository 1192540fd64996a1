"""Computes a ranking from ballots, each figure as it is printed (domain-and-product §8.1, site-visits §2). Pure.

A ballot's total is exact; a cell's figure and an entry's score are rounded half up to two places. The score is
computed from the printed figures, so anyone with the sheet and a pocket calculator gets our result.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from msgspec import Struct

from server.scoring.figures import EXACT, added, mean, two
from server.scoring.rules import HUNDRED, Group, Rules, TableRow


@dataclass(frozen=True)
class Vote:
    """A counting ballot, without its judge."""

    entry: str
    group: str
    scores: Mapping[str, str]


@dataclass(frozen=True)
class Cell:
    """One entry's ballots from one group, or from small groups that were joined."""

    groups: tuple[Group, ...]
    votes: tuple[Vote, ...]

    @property
    def id(self) -> str:
        return "+".join(group.id for group in self.groups)

    @property
    def name(self) -> str:
        return "、".join(group.name for group in self.groups)

    @property
    def weight(self) -> Decimal:
        return added(group.weight for group in self.groups)


class Step(Struct, frozen=True):
    """A cell's figure, as the export holds it."""

    group: str
    weight: str
    n: int
    method: str
    mark: str
    score: str


class EntryResult(Struct, frozen=True):
    """An entry's score and rank; both are None if nothing could be computed."""

    entry: str
    score: str | None
    rank: int | None
    steps: list[Step]


def total_of(scores: Mapping[str, str], rules: Rules) -> Decimal:
    """Return a ballot's exact weighted total."""
    parts = (EXACT.multiply(Decimal(scores[one.id]), one.weight) for one in rules.criteria)
    return EXACT.divide(added(parts), HUNDRED)


def row_for(n: int, table: Sequence[TableRow]) -> TableRow:
    """Return the row of the table that applies to n ballots."""
    return next(row for row in table if row.least <= n and (row.most is None or n <= row.most))


def kept_totals(totals: Sequence[Decimal], row: TableRow) -> list[Decimal]:
    """Return the totals that enter the mean, in order: all, the middle ones, or all but the extremes."""
    ordered, n = sorted(totals), len(totals)
    if row.method == "median":
        return ordered[(n - 1) // 2 : n // 2 + 1]
    cut = row.cut_of(n) if row.method == "trimmed" else 0
    return ordered[cut : n - cut]


def figure_of(totals: Sequence[Decimal], table: Sequence[TableRow]) -> Decimal | None:
    """Return a cell's figure as it is printed; None if the table gives none."""
    row = row_for(len(totals), table)
    return None if row.method == "none" else two(mean(kept_totals(totals, row)))


def groups_of(label: str, rules: Rules) -> tuple[Group, ...]:
    """Return the declared groups behind a label; joined groups have the label `a+b`."""
    return tuple(group for group in rules.groups if group.id in label.split("+"))


def cells_of(entry: str, votes: Iterable[Vote], rules: Rules) -> list[Cell]:
    """Return an entry's cells in declared order, without empty groups; a small group joins the next one.

    A small last group joins the previous one. Published votes carry the labels of their cells, which stay as they are.
    """
    by_label: dict[str, list[Vote]] = {}
    for vote in votes:
        if vote.entry == entry:
            by_label.setdefault(vote.group, []).append(vote)
    place = {group.id: n for n, group in enumerate(rules.groups)}
    labels = sorted(by_label, key=lambda label: place[label.split("+")[0]])
    return _joined([Cell(groups_of(one, rules), tuple(by_label[one])) for one in labels], rules.merge_below)


def _joined(cells: list[Cell], merge_below: int) -> list[Cell]:
    while len(cells) > 1:
        small = next((n for n, cell in enumerate(cells) if len(cell.votes) < merge_below), None)
        if small is None:
            break
        first = min(small, len(cells) - 2)
        one, other = cells[first : first + 2]
        cells[first : first + 2] = [Cell(one.groups + other.groups, one.votes + other.votes)]
    return cells


def score_of(steps: Sequence[Step], *, groups_heard: int, rules: Rules) -> Decimal | None:
    """Return an entry's score from its printed figures; with `no_score` every group must have ballots."""
    if not steps or (rules.empty_group == "no_score" and groups_heard < len(rules.groups)):
        return None
    weighted = added(EXACT.multiply(Decimal(step.weight), Decimal(step.score)) for step in steps)
    return two(EXACT.divide(weighted, added(Decimal(step.weight) for step in steps)))


def ranking(entries: Sequence[str], votes: Sequence[Vote], rules: Rules) -> list[EntryResult]:
    """Return the result of every entry in the given order; a rank is 1 + the number of higher published scores."""
    computed = [(entry, *_computed(entry, votes, rules)) for entry in entries]
    scores = [score for _, _, score in computed if score is not None]
    return [
        EntryResult(
            entry,
            None if score is None else str(score),
            None if score is None else 1 + sum(other > score for other in scores),
            steps,
        )
        for entry, steps, score in computed
    ]


def _computed(entry: str, votes: Sequence[Vote], rules: Rules) -> tuple[list[Step], Decimal | None]:
    steps, heard = [], 0
    for cell in cells_of(entry, votes, rules):
        n = len(cell.votes)
        figure = figure_of([total_of(vote.scores, rules) for vote in cell.votes], rules.table)
        if figure is not None:
            row = row_for(n, rules.table)
            steps.append(Step(cell.id, str(cell.weight), n, row.method, row.mark, str(figure)))
            heard += len(cell.groups)
    return steps, score_of(steps, groups_heard=heard, rules=rules)
