"""Which rules may be published, and which scores a ballot may hold under them."""

from decimal import Decimal

import msgspec
import pytest

from server.scoring import Anchor, Criterion, Group, Rules, Scale, TableRow, snapshot_of
from server.scoring.ballots import check_whole, checked
from server.scoring.refusals import BadRules, BadScores, CommentMissing, ScoresMissing
from server.scoring.rules import NO_BALLOT, rules_from

D = Decimal


def rules(**changes):
    usual = {
        "criteria": [Criterion("c1", "成效", D(60)), Criterion("c2", "创新", D(40))],
        "groups": [
            Group("a", "专家组", D(50)),
            Group("b", "代表组", D("30.5")),
            Group("c", "群众组", D("19.5")),
        ],
    }
    return Rules(**usual | changes)


def criteria(*weights):
    return [Criterion(f"c{n}", f"第{n}项", D(weight)) for n, weight in enumerate(weights)]


def test_published_rules_come_back_as_they_were_under_the_same_digest():
    kept, digest = snapshot_of(rules(scale=Scale(D(0), D(100), D("0.50"))))
    assert rules_from(kept) == rules(scale=Scale(D(0), D(100), D("0.50")))
    assert snapshot_of(rules_from(kept)) == (kept, digest)
    assert snapshot_of(rules())[1] != digest


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"criteria": criteria("60", "39.99")}, "评分项的权重合计是 99.99"),
        ({"criteria": criteria("60", "40.01")}, "评分项的权重合计是 100.01"),
        ({"criteria": criteria("100", "0")}, "权重要大于 0"),
        ({"criteria": criteria("33.333", "66.667")}, "最多两位小数"),
        ({"criteria": criteria("NaN", "100")}, "最多两位小数"),
        ({"criteria": criteria("1E+2")}, "最多两位小数"),
        ({"criteria": [Criterion("c1", "一", D(50)), Criterion("c1", "二", D(50))]}, "编号或名称重复"),
        ({"groups": [Group("a", "组", D(50)), Group("b", "组", D(50))]}, "评审组的编号或名称重复"),
        ({"scale": Scale(D(100), D(100), D(1))}, "从小到大"),
        ({"scale": Scale(D(0), D(100), D(0))}, "间隔要大于 0"),
        ({"scale": Scale(D(0), D(100), D("0.3"))}, "按间隔从最低分数到"),
        ({"scale": Scale(D(0), D(100), D("0.125"))}, "最多两位小数"),
        ({"comment_below": D("100.5")}, "意见的分数线"),
        ({"criteria": [Criterion("c1", "一", D(100), [Anchor(D(90), D(101), "优秀")])]}, "评分说明"),
        ({"table": []}, "从 0 张开始"),
        ({"table": [NO_BALLOT, TableRow(1, 9, "mean")]}, "不设上限"),
        ({"table": [NO_BALLOT, TableRow(2, None, "mean")]}, "空档"),
        ({"table": [TableRow(0, None, "mean")]}, "没有评分表时"),
        ({"table": [NO_BALLOT, TableRow(1, None, "mean", cut=1)]}, "写明去掉几张"),
        ({"table": [NO_BALLOT, TableRow(1, None, "trimmed")]}, "写明去掉几张"),
        ({"table": [NO_BALLOT, TableRow(1, 1, "mean"), TableRow(2, None, "trimmed", cut=1)]}, "至少剩一张"),
        ({"rounding": "随便"}, "不能改写"),
    ],
)
def test_rules_that_can_decide_no_result_are_refused_by_name(changes, words):
    with pytest.raises(BadRules, match=words):
        snapshot_of(rules(**changes))


def test_one_ballot_more_than_is_cut_suffices():
    snapshot_of(rules(table=[NO_BALLOT, TableRow(1, 2, "mean"), TableRow(3, None, "trimmed", cut=1)]))


def test_rules_from_outside_are_decimals_in_text():
    told = {
        "criteria": [{"id": "c1", "name": "一", "weight": "100"}],
        "groups": [{"id": "a", "name": "甲", "weight": "100"}],
    }
    assert msgspec.convert(told, Rules).criteria[0].weight == D(100)


@pytest.mark.parametrize(
    ("sent", "kept"), [("92.50", "92.5"), ("92", "92.0"), ("0", "0.0"), ("100.00", "100.0")]
)
def test_a_score_is_kept_in_one_form(sent, kept):
    assert checked({"c1": sent}, rules()) == {"c1": kept}


@pytest.mark.parametrize(
    "sent", ["100.5", "-0.5", "92.25", "１００", "9e1", "NaN", "", " 90", "90.", "+90", 90.0]
)
def test_a_score_outside_range_or_step_is_refused_and_never_clamped(sent):
    with pytest.raises(BadScores) as refused:
        checked({"c1": "90", "c2": sent}, rules())
    assert refused.value.extra["criteria"] == ["c2"]


def test_a_criterion_that_is_not_in_the_rules_is_refused():
    with pytest.raises(BadScores):
        checked({"c9": "90"}, rules())


def test_a_ballot_is_submitted_whole_and_low_scores_with_a_reason():
    with pytest.raises(ScoresMissing, match="创新"):
        check_whole({"c1": "90.0"}, comment="", rules=rules())
    with pytest.raises(CommentMissing):
        check_whole({"c1": "90.0", "c2": "59.5"}, comment="  ", rules=rules())
    check_whole({"c1": "90.0", "c2": "59.5"}, comment="少一个章", rules=rules())
    check_whole({"c1": "90.0", "c2": "60.0"}, comment="", rules=rules())
    check_whole({"c1": "90.0", "c2": "0.0"}, comment="", rules=rules(comment_below=None))
