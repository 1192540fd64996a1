"""The rules of a round: criteria, groups and arithmetic. Once published they are a snapshot with a digest. Pure."""

from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, field

from server.scoring.digests import sha256_of
from server.scoring.figures import added, places_of
from server.scoring.refusals import BadRules

Id = Annotated[str, Meta(pattern="^[a-z][a-z0-9_]{0,15}$")]  # short: a ballot must fit into 1 KiB
Name = Annotated[str, Meta(min_length=1, max_length=40)]
Method = Literal["none", "mean", "median", "trimmed"]
HUNDRED = Decimal(100)

DIGEST_FORM = (
    "摘要为小写十六进制的 SHA-256，对规范 JSON 计算：键按字母排序，分隔只用逗号和冒号，没有空格，文字按 UTF-8 原样；"
    "分数和权重写成文字，张数写成整数。规则摘要对 rules 整项计算；评分表摘要对 entry、salt、scores、visit 四项计算，"
    "visit 为 visit.id，不含评审组。"
)
ROUNDING = (
    "评分表总分不舍入；每个评审组的得分四舍五入到两位小数；综合得分由各组得分加权计算，四舍五入到两位小数。"
)
TIES = "按公布的综合得分排名；得分相同的名次相同，其后名次顺延（1、1、3）。"


class Anchor(Struct, frozen=True, forbid_unknown_fields=True):
    """What a span of scores means in words; both ends are included."""

    low: Decimal
    high: Decimal
    words: Annotated[str, Meta(min_length=1, max_length=60)]


class Criterion(Struct, frozen=True, forbid_unknown_fields=True):
    """What is scored, and its weight in a ballot's total."""

    id: Id
    name: Name
    weight: Decimal
    anchors: Annotated[list[Anchor], Meta(max_length=8)] = []


class Group(Struct, frozen=True, forbid_unknown_fields=True):
    """A group of judges, and the weight of its figure in an entry's score."""

    id: Id
    name: Name
    weight: Decimal


class Scale(Struct, frozen=True, forbid_unknown_fields=True):
    """The allowed scores: from `low` to `high`, both included, in steps from `low`."""

    low: Decimal = Decimal(0)
    high: Decimal = HUNDRED
    step: Decimal = Decimal("0.5")


class TableRow(Struct, frozen=True, forbid_unknown_fields=True, rename={"least": "from", "most": "to"}):
    """How a cell of `least` to `most` ballots (None: no limit) is aggregated; `cut` ballots are dropped at each end."""

    least: Annotated[int, Meta(ge=0)]
    most: int | None
    method: Method
    mark: Annotated[str, Meta(max_length=20)] = ""
    cut: Annotated[int, Meta(ge=0, le=100)] = 0
    cut_percent: Annotated[int, Meta(ge=0, le=49)] = 0

    def cut_of(self, n: int) -> int:
        """Return how many of n ballots are dropped at each end; percentages are rounded down."""
        return self.cut + n * self.cut_percent // 100


NO_BALLOT = TableRow(0, 0, "none", "没有评分表")
FEW = [NO_BALLOT, TableRow(1, 2, "mean", "样本不足"), TableRow(3, 4, "mean", "样本较少")]
TRIMMED = [*FEW, TableRow(5, None, "trimmed", cut=1)]
TRIMMED_BY_PERCENT = [
    *FEW,
    TableRow(5, 19, "trimmed", cut=1),
    TableRow(20, None, "trimmed", cut_percent=10),
]
MEAN = [*FEW, TableRow(5, None, "mean")]
MEDIAN = [*FEW, TableRow(5, None, "median")]


class Rules(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything that decides a result; `merge_below` 0 keeps small groups separate, as named rounds may."""

    criteria: Annotated[list[Criterion], Meta(min_length=1, max_length=8)]
    groups: Annotated[list[Group], Meta(min_length=1, max_length=8)]
    scale: Scale = Scale()
    comment_below: Decimal | None = Decimal(60)
    table: Annotated[list[TableRow], Meta(max_length=8)] = field(default_factory=lambda: list(TRIMMED))
    merge_below: Annotated[int, Meta(ge=0, le=20)] = 3
    empty_group: Literal["renormalise", "no_score"] = "renormalise"
    coverage: Literal["all_mandatory", "none"] = "all_mandatory"
    # Whether the office learns after the seal who gave which score; judges are told before they score.
    named: bool = False
    rounding: str = ROUNDING
    ties: str = TIES
    digest_form: str = DIGEST_FORM


def snapshot_of(rules: Rules) -> tuple[dict[str, Any], str]:
    """Return the rules as they are kept and exported, figures as text, with their digest; raises BadRules."""
    if faults := faults_of(rules):
        raise BadRules("评分规则还不能公布：" + "；".join(faults) + "。", faults=faults)
    kept: dict[str, Any] = msgspec.to_builtins(rules)
    return kept, sha256_of(kept)


def rules_from(snapshot: dict[str, Any]) -> Rules:
    """Parse published rules as they were kept."""
    return msgspec.convert(snapshot, Rules)


def faults_of(rules: Rules) -> list[str]:
    """Return what is wrong with the rules, one phrase each; empty if they can be published."""
    return [
        *_weight_faults("评分项", rules.criteria),
        *_weight_faults("评审组", rules.groups),
        *_scale_faults(rules),
        *_table_faults(rules.table),
        *_fixed_faults(rules),
    ]


def _weight_faults(what: str, rows: list[Criterion] | list[Group]) -> list[str]:
    found = []
    if len({row.id for row in rows}) < len(rows) or len({row.name for row in rows}) < len(rows):
        found.append(f"{what}的编号或名称重复")
    if any(not _is_plain(row.weight, places=2) or row.weight <= 0 for row in rows):
        found.append(f"{what}的权重要大于 0，最多两位小数")
    elif added(row.weight for row in rows) != HUNDRED:
        found.append(f"{what}的权重合计是 {added(row.weight for row in rows)}，要正好是 100")
    return found


def _scale_faults(rules: Rules) -> list[str]:
    scale, below = rules.scale, rules.comment_below
    if not all(_is_plain(one, places=2) for one in (scale.low, scale.high, scale.step)):
        return ["分值范围和间隔最多两位小数"]
    if not 0 <= scale.low < scale.high <= 1000 or scale.step <= 0:
        return ["分值范围要从小到大，在 0 到 1000 之间，间隔要大于 0"]
    if (scale.high - scale.low) % scale.step:
        return ["最高分要能按间隔从最低分数到"]
    found = []
    if below is not None and not (_is_plain(below, places=2) and scale.low <= below <= scale.high):
        found.append("要求写意见的分数线要在分值范围内")
    anchors = [anchor for criterion in rules.criteria for anchor in criterion.anchors]
    if any(not _is_inside(anchor, scale) for anchor in anchors):
        found.append("评分说明的分数段要在分值范围内，从小到大")
    return found


def _is_inside(anchor: Anchor, scale: Scale) -> bool:
    plain = all(_is_plain(one, places=2) for one in (anchor.low, anchor.high))
    return plain and scale.low <= anchor.low <= anchor.high <= scale.high


def _table_faults(table: list[TableRow]) -> list[str]:
    if not table or table[0].least != 0 or table[-1].most is not None:
        return ["评分表张数的规则要从 0 张开始，最后一行不设上限"]
    pairs = pairwise(table)
    if any(row.most is None or row.most < row.least or then.least != row.most + 1 for row, then in pairs):
        return ["评分表张数的规则要一行接一行，不能有空档或重叠"]
    if table[0].method != "none" or table[0].most != 0:
        return ["没有评分表时只能是没有得分"]
    if any((row.cut > 0) + (row.cut_percent > 0) != (row.method == "trimmed") for row in table):
        return ["去掉最高最低分要写明去掉几张或百分之几，其他方法不写"]
    if any(row.method == "trimmed" and 2 * row.cut_of(row.least) >= row.least for row in table):
        return ["去掉最高最低分后要至少剩一张评分表"]
    return []


def _fixed_faults(rules: Rules) -> list[str]:
    is_ours = (rules.rounding, rules.ties, rules.digest_form) == (ROUNDING, TIES, DIGEST_FORM)
    return [] if is_ours else ["舍入、并列和摘要的说明不能改写"]


def _is_plain(value: Decimal, *, places: int) -> bool:
    return value.is_finite() and "E" not in str(value) and places_of(value) <= places
