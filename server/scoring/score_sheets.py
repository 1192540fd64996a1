"""The 计分单: why an entry has its score, step by step, in words that can be checked with a calculator. Pure."""

from collections.abc import Sequence
from decimal import Decimal

from server.scoring.aggregation import (
    Cell,
    EntryResult,
    Step,
    Vote,
    cells_of,
    kept_totals,
    row_for,
    total_of,
)
from server.scoring.figures import EXACT, added, in_full
from server.scoring.rules import Rules


def score_sheet(result: EntryResult, votes: Sequence[Vote], rules: Rules) -> list[str]:
    """Return the sentences of one entry's sheet, ending with its score."""
    cells = cells_of(result.entry, votes, rules)
    lines = [line for cell in cells for line in _cell_lines(cell, rules)]
    return [*lines, *_empty_groups(cells, rules), _score_line(result)]


def _cell_lines(cell: Cell, rules: Rules) -> list[str]:
    totals = [total_of(vote.scores, rules) for vote in cell.votes]
    row = row_for(len(totals), rules.table)
    joined = f"（人数少于 {rules.merge_below}，合并计算）" if len(cell.groups) > 1 else ""
    mark = f"（{row.mark}）" if row.mark else ""
    listed = "、".join(in_full(one) for one in sorted(totals))
    lines = [f"{cell.name}{joined}：{len(totals)} 张评分表{mark}，总分从低到高为 {listed}。"]
    if row.method == "none":
        return [*lines, f"{cell.name}：按规则不计算得分。"]
    return [*lines, f"{cell.name}：{_method_words(totals, cell, rules)}"]


def _method_words(totals: list[Decimal], cell: Cell, rules: Rules) -> str:
    row = row_for(len(totals), rules.table)
    kept, ordered = kept_totals(totals, row), sorted(totals)
    total, figure = in_full(added(kept)), _printed(kept)
    if row.method == "trimmed":
        cut = row.cut_of(len(totals))
        low = "、".join(in_full(one) for one in ordered[:cut])
        high = "、".join(in_full(one) for one in ordered[-cut:])
        dropped = f"去掉 {cut} 个最高分 {high} 和 {cut} 个最低分 {low}，" if cut else ""
        return f"{dropped}其余 {len(kept)} 张平均：{total} ÷ {len(kept)} = {figure}。"
    if row.method == "median":
        return f"取中间 {len(kept)} 张：{total} ÷ {len(kept)} = {figure}。"
    return f"{len(kept)} 张平均：{total} ÷ {len(kept)} = {figure}。"


def _printed(kept: list[Decimal]) -> str:
    exact = EXACT.divide(added(kept), Decimal(len(kept)))
    return str(exact.quantize(Decimal("0.01"), context=EXACT))


def _empty_groups(cells: Sequence[Cell], rules: Rules) -> list[str]:
    heard = {group.id for cell in cells for group in cell.groups}
    missing = "、".join(group.name for group in rules.groups if group.id not in heard)
    if not missing:
        return []
    if rules.empty_group == "no_score":
        return [f"{missing}没有评分表，按规则不计算综合得分。"]
    return [f"{missing}没有评分表，按规则由其余各组的权重折算。"]


def _score_line(result: EntryResult) -> str:
    if result.score is None:
        return "综合得分：没有得分。"
    weights = added(Decimal(step.weight) for step in result.steps)
    weighted = added(EXACT.multiply(Decimal(step.weight), Decimal(step.score)) for step in result.steps)
    return (
        f"综合得分：（{' + '.join(_product(step) for step in result.steps)}）÷ {in_full(weights)}"
        f" = {in_full(weighted)} ÷ {in_full(weights)} = {result.score}，第 {result.rank} 名。"
    )


def _product(step: Step) -> str:
    return f"{in_full(Decimal(step.weight))} × {step.score}"
