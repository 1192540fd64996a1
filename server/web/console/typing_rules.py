"""Parsing typed scoring rules: numbered rows of criteria and groups, and one line for each span of scores. Pure.

A criterion's rows are `criterion-1-name`, `criterion-1-weight`, `criterion-1-anchors`; an anchor is a line such as

    90-100：示范引领，可以复制推广
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta, Struct

from server.scoring import Anchor, Criterion, Group, Rules, Scale, TableRow
from server.scoring import rules as standard

MOST_ROWS = 8
LONGEST_NAME, LONGEST_ANCHOR = 40, 60
FIGURE = re.compile(r"[0-9]{1,4}(\.[0-9]{1,2})?")
ANCHOR = re.compile(
    r"([0-9]{1,4}(?:\.[0-9]{1,2})?)\s*[-–—~～至到]\s*([0-9]{1,4}(?:\.[0-9]{1,2})?)\s*分?\s*[:：,，\s]\s*(\S.*)"
)
ID = re.compile(r"[a-z][a-z0-9_]{0,15}")
NOT_A_FIGURE = "要填数字，最多两位小数"

Few = Literal["mean", "none"]
Aggregation = Literal["trimmed", "trimmed_by_percent", "mean", "median", "as_before"]
Figure = Annotated[str, Meta(max_length=8)]

TABLES: dict[str, list[TableRow]] = {
    "trimmed": standard.TRIMMED,
    "trimmed_by_percent": standard.TRIMMED_BY_PERCENT,
    "mean": standard.MEAN,
    "median": standard.MEDIAN,
}
TOO_FEW = TableRow(1, 2, "none", "样本不足")


class Fault(Struct, frozen=True):
    """What is wrong in a field of the form; `label_zh` names the field where no form shows it."""

    field: str
    label_zh: str
    message_zh: str


class RulesForm(Struct, frozen=True, kw_only=True):
    """What the form of the rules holds besides its rows of criteria and groups."""

    low: Figure = "0"
    high: Figure = "100"
    step: Figure = "0.5"
    comment_below: Figure | None = None
    aggregation: Aggregation = "trimmed"
    few: Few = "mean"
    merge_below: Annotated[int, Meta(ge=0, le=20)] = 3
    empty_group: Literal["renormalise", "no_score"] = "renormalise"
    coverage: Literal["all_mandatory", "none"] = "all_mandatory"
    named: bool = False


class Row(Struct, frozen=True):
    """A row as typed."""

    id: str
    name: str
    weight: str
    anchors: str = ""


def typed_rows(words: Mapping[str, str], kind: str) -> list[Row]:
    """Return the numbered rows of a kind, `criterion` or `group`, as typed; rows without any text are left out."""
    rows = []
    for number in range(1, MOST_ROWS + 1):
        name, weight, anchors, kept = (
            words.get(f"{kind}-{number}-{part}", "").replace("\r\n", "\n").strip()
            for part in ("name", "weight", "anchors", "id")
        )
        if name or weight or anchors:
            rows.append(Row(kept, name, weight, anchors))
    return rows


def typed_rules(
    form: RulesForm, words: Mapping[str, str], *, before: Rules | None = None
) -> tuple[Rules | None, list[Fault]]:
    """Return the rules as typed, or every fault with its field; `before` gives a table that no choice describes."""
    faults = [*_row_faults(words, "criterion"), *_row_faults(words, "group"), *_scale_faults(form)]
    if faults:
        return None, faults
    table = before.table if before and form.aggregation == "as_before" else table_of(form)
    rules = Rules(
        criteria=[
            Criterion(row_id, row.name, Decimal(row.weight), list(_anchors(row.anchors)))
            for row_id, row in _named(typed_rows(words, "criterion"), "c")
        ],
        groups=[
            Group(row_id, row.name, Decimal(row.weight))
            for row_id, row in _named(typed_rows(words, "group"), "g")
        ],
        scale=Scale(Decimal(form.low), Decimal(form.high), Decimal(form.step)),
        comment_below=Decimal(form.comment_below) if form.comment_below else None,
        table=table,
        merge_below=form.merge_below,
        empty_group=form.empty_group,
        coverage=form.coverage,
        named=form.named,
    )
    return rules, []


def table_of(form: RulesForm) -> list[TableRow]:
    """Return the table of the chosen method, with or without a figure for one or two ballots."""
    table = list(TABLES.get(form.aggregation, standard.TRIMMED))
    return [TOO_FEW if row.least == 1 and form.few == "none" else row for row in table]


def form_of(rules: Rules) -> RulesForm:
    """Return the form that shows rules; the reverse of `typed_rules`."""
    few: Few = "none" if TOO_FEW in rules.table else "mean"
    return RulesForm(
        low=str(rules.scale.low),
        high=str(rules.scale.high),
        step=str(rules.scale.step),
        comment_below=None if rules.comment_below is None else str(rules.comment_below),
        aggregation=_chosen(rules.table, few),
        few=few,
        merge_below=rules.merge_below,
        empty_group=rules.empty_group,
        coverage=rules.coverage,
        named=rules.named,
    )


def rows_of(rows: Sequence[Criterion] | Sequence[Group]) -> list[Row]:
    """Return criteria or groups as rows of the form."""
    return [Row(one.id, one.name, str(one.weight), _anchor_lines(one)) for one in rows]


def _anchor_lines(one: Criterion | Group) -> str:
    anchors = one.anchors if isinstance(one, Criterion) else []
    return "\n".join(f"{anchor.low}-{anchor.high}：{anchor.words}" for anchor in anchors)


def _chosen(table: list[TableRow], few: Few) -> Aggregation:
    names: list[Aggregation] = ["trimmed", "trimmed_by_percent", "mean", "median"]
    fitting = (name for name in names if table == table_of(RulesForm(aggregation=name, few=few)))
    return next(fitting, "as_before")


def _named(rows: list[Row], letter: str) -> Iterator[tuple[str, Row]]:
    """Yield each row with its id: the one it had, or the first free one."""
    used = {row.id for row in rows}
    free = (f"{letter}{n}" for n in range(1, 2 * MOST_ROWS + 1) if f"{letter}{n}" not in used)
    given: set[str] = set()
    for row in rows:
        is_kept = ID.fullmatch(row.id) and row.id not in given
        row_id = row.id if is_kept else next(free)
        given.add(row_id)
        yield row_id, row


def _anchors(text: str) -> Iterator[Anchor]:
    for line in text.splitlines():
        if line.strip() and (found := ANCHOR.fullmatch(line.strip())):
            yield Anchor(Decimal(found[1]), Decimal(found[2]), found[3].strip())


def _row_faults(words: Mapping[str, str], kind: str) -> Iterator[Fault]:
    label = "评分项" if kind == "criterion" else "评审组"
    if not typed_rows(words, kind):
        yield Fault(f"{kind}-1-name", label, f"至少要有一个{label}")
    for number in range(1, MOST_ROWS + 1):
        told = {
            part: words.get(f"{kind}-{number}-{part}", "").strip() for part in ("name", "weight", "anchors")
        }
        if any(told.values()):
            for part, message in _cell_faults(told):
                yield Fault(f"{kind}-{number}-{part}", f"第{number}个{label}", message)


def _cell_faults(told: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if not 1 <= len(told["name"]) <= LONGEST_NAME:
        yield "name", f"名称要写1到{LONGEST_NAME}个字"
    if not FIGURE.fullmatch(told["weight"]):
        yield "weight", NOT_A_FIGURE
    lines = [line.strip() for line in told["anchors"].splitlines() if line.strip()]
    if len(lines) > MOST_ROWS:
        yield "anchors", f"最多{MOST_ROWS}行"
        return
    for line in lines:
        found = ANCHOR.fullmatch(line)
        if not found or len(found[3]) > LONGEST_ANCHOR:
            yield "anchors", f"“{line[:20]}”没有读懂，请写成“90-100：示范引领”，说明最多{LONGEST_ANCHOR}个字"
            return


def _scale_faults(form: RulesForm) -> Iterator[Fault]:
    figures = {"low": form.low, "high": form.high, "step": form.step, "comment_below": form.comment_below}
    labels = {"low": "最低分", "high": "最高分", "step": "间隔", "comment_below": "低于多少分要写意见"}
    for name, text in figures.items():
        if text is not None and not FIGURE.fullmatch(text):
            yield Fault(name, labels[name], NOT_A_FIGURE)
