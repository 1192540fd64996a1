"""The arithmetic of a round: golden values of domain-and-product §8.1, and what must hold for any ballots."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.scoring import Vote, ranking, reveal_script, score_sheet
from server.scoring.aggregation import cells_of, figure_of, row_for, total_of
from server.scoring.harshness import spread_of, z_scores
from server.scoring.rules import MEAN, MEDIAN, TRIMMED, TRIMMED_BY_PERCENT, Scale
from tests.server.scoring.sealed_rounds import one_criterion, votes

EXPERTS = ["92.5", "88", "95", "79", "90", "90", "86.5"]


def figure(totals, table=TRIMMED):
    found = figure_of([Decimal(one) for one in totals], table)
    return None if found is None else str(found)


@pytest.mark.parametrize(
    ("totals", "table", "expected"),
    [
        (EXPERTS, TRIMMED, "89.40"),
        (EXPERTS, MEAN, "88.71"),
        (EXPERTS, MEDIAN, "90.00"),
        (["95", "95", "90", "85", "80"], TRIMMED, "90.00"),  # of a double top score one is dropped
        (["90.125"], TRIMMED, "90.13"),  # half up; half even would give 90.12
        (["80", "80", "81", "90", "100", "100"], MEDIAN, "85.50"),
    ],
)
def test_golden_values(totals, table, expected):
    assert figure(totals, table) == expected


@pytest.mark.parametrize(
    ("n", "method", "mark"),
    [
        (0, "none", "没有评分表"),
        (1, "mean", "样本不足"),
        (2, "mean", "样本不足"),
        (3, "mean", "样本较少"),
        (4, "mean", "样本较少"),
        (5, "trimmed", ""),
        (20, "trimmed", ""),
    ],
)
def test_few_ballots_are_counted_by_the_fallback_table_and_marked(n, method, mark):
    row = row_for(n, TRIMMED)
    assert (row.method, row.mark) == (method, mark)


@pytest.mark.parametrize(("n", "cut"), [(5, 1), (19, 1), (20, 2), (29, 2), (30, 3)])
def test_ten_percent_are_cut_from_twenty_ballots_on_and_rounded_down(n, cut):
    assert row_for(n, TRIMMED_BY_PERCENT).cut_of(n) == cut


def test_groups_weigh_fifty_thirty_twenty():
    rules = one_criterion(("experts", 50), ("deputies", 30), ("citizens", 20))
    cast = votes(*EXPERTS, group="experts") + votes("91", group="deputies") + votes("84.25", group="citizens")
    [result] = ranking(["e1"], cast, rules)
    assert result.score == "88.85"
    assert score_sheet(result, cast, rules)[:2] == [
        "experts组：7 张评分表，总分从低到高为 79、86.5、88、90、90、92.5、95。",
        "experts组：去掉 1 个最高分 95 和 1 个最低分 79，其余 5 张平均：447 ÷ 5 = 89.40。",
    ]
    assert score_sheet(result, cast, rules)[-1] == (
        "综合得分：（50 × 89.40 + 30 × 91.00 + 20 × 84.25）÷ 100 = 8885 ÷ 100 = 88.85，第 1 名。"
    )


def test_an_empty_groups_weight_goes_to_the_others_or_the_entry_has_no_score():
    groups = ("a", 50), ("b", 30), ("c", 20)
    cast = votes("90", "90", "90", group="a") + votes("80", "80", "80", group="b")
    [renormalised] = ranking(["e1"], cast, one_criterion(*groups))
    assert renormalised.score == "86.25"  # (50 × 90 + 30 × 80) ÷ 80
    [none] = ranking(["e1"], cast, one_criterion(*groups, empty_group="no_score"))
    assert (none.score, none.rank) == (None, None)
    assert (
        score_sheet(none, cast, one_criterion(*groups, empty_group="no_score"))[-1] == "综合得分：没有得分。"
    )


def test_equal_published_scores_share_a_rank_and_the_next_is_skipped():
    given = zip(["e1", "e2", "e3", "e4"], ["88.85", "90", "90", "80"], strict=True)
    rules = one_criterion(scale=Scale(step=Decimal("0.01")))
    cast = [vote for entry, score in given for vote in votes(score, entry=entry)]
    results = ranking(["e1", "e2", "e3", "e4", "e5"], cast, rules)
    assert [one.rank for one in results] == [3, 1, 1, 4, None]
    script = reveal_script(results)
    assert [step.place for step in script] == [None, 4, 3, 1]
    assert [one.entry for one in script[-1].results] == ["e2", "e3"]


@pytest.mark.parametrize(
    ("counts", "cells"),
    [
        ({"a": 3, "b": 3, "c": 3}, ["a", "b", "c"]),
        ({"a": 2, "b": 3, "c": 3}, ["a+b", "c"]),
        ({"a": 3, "b": 3, "c": 2}, ["a", "b+c"]),
        ({"a": 1, "b": 1, "c": 5}, ["a+b+c"]),
        ({"a": 2, "c": 4}, ["a+c"]),  # an empty group in between is dropped
        ({"b": 1}, ["b"]),
        ({}, []),
    ],
)
def test_a_group_too_small_to_stay_unnamed_joins_its_neighbour(counts, cells):
    rules = one_criterion(("a", 50), ("b", 30), ("c", 20), merge_below=3)
    cast = [vote for group, n in counts.items() for vote in votes(*["80"] * n, group=group)]
    found = cells_of("e1", cast, rules)
    assert [cell.id for cell in found] == cells
    weights = {"a": 50, "b": 30, "c": 20}
    assert sum(cell.weight for cell in found) == sum(weights[one] for one in counts)


def test_harsh_and_mild_judges_are_counted_and_nobody_is_where_all_agree():
    assert z_scores({"e1": {"x": Decimal(80), "y": Decimal(80), "z": Decimal(80)}}) == {}
    assert z_scores({"e1": {"x": Decimal(80), "y": Decimal(90)}}) == {}
    scores = z_scores({"e1": {"x": Decimal(60), "y": Decimal(80), "z": Decimal(100)}})
    assert {judge: str(z) for judge, z in scores.items()} == {"x": "-1.22", "y": "0.00", "z": "1.22"}
    told = spread_of(scores.values())
    assert (told.harsh, told.mild, told.between) == (1, 1, 1)


@pytest.mark.parametrize("bought", ["0", "100"])
def test_one_bought_judge_of_five_leaves_every_rank_as_it_was(bought):
    """Gaps between units exceed what one of five can move: the honest span ÷ 3."""
    honest = {
        "e1": ["90", "91", "92", "90.5"],
        "e2": ["85", "86", "87", "85.5"],
        "e3": ["79", "80", "81", "80.5"],
    }
    rules = one_criterion()
    fair = [vote for entry, totals in honest.items() for vote in votes(*totals, "86", entry=entry)]
    before = {one.entry: one.rank for one in ranking(ENTRIES, fair, rules)}
    for target in honest:
        cast = [
            vote
            for entry, totals in honest.items()
            for vote in votes(*totals, bought if entry == target else "86", entry=entry)
        ]
        assert {one.entry: one.rank for one in ranking(ENTRIES, cast, rules)} == before


def in_decimals(value):
    return Decimal(value.numerator) / value.denominator


THREE = one_criterion(("a", 50), ("b", 30), ("c", 20), merge_below=3)
quarters = st.integers(0, 400).map(lambda n: Decimal(n) / 4)
ballots = st.lists(
    st.tuples(st.sampled_from(["e1", "e2", "e3"]), st.sampled_from("abc"), quarters), max_size=40
)
ENTRIES = ["e1", "e2", "e3"]


def cast_of(rows):
    return [Vote(entry, group, {"c1": format(score, "f")}) for entry, group, score in rows]


def half_up(value):
    return Fraction(int(value * 100 + Fraction(1, 2)), 100)


def by_an_oracle(entry, cast):
    """Compute the same in fractions, written again from the rules' text."""
    weighted, weights = Fraction(0), Fraction(0)
    for cell in cells_of(entry, cast, THREE):
        totals = sorted(Fraction(vote.scores["c1"]) for vote in cell.votes)
        kept = totals[1:-1] if len(totals) >= 5 else totals
        weighted += Fraction(cell.weight) * half_up(sum(kept) / len(kept))
        weights += Fraction(cell.weight)
    return half_up(weighted / weights) if weights else None


@settings(max_examples=200, deadline=None)
@given(ballots, st.randoms())
def test_a_result_is_what_an_oracle_in_fractions_says_and_no_order_changes_it(rows, dice):
    cast = cast_of(rows)
    results = ranking(ENTRIES, cast, THREE)
    for one in results:
        expected = by_an_oracle(one.entry, cast)
        assert (None if one.score is None else Fraction(one.score)) == expected
        above = [
            other
            for other in results
            if other.score and one.score and Decimal(other.score) > Decimal(one.score)
        ]
        assert one.rank == (None if one.score is None else 1 + len(above))
    dice.shuffle(cast)
    assert ranking(ENTRIES, cast, THREE) == results


@settings(max_examples=200, deadline=None)
@given(ballots.filter(bool), st.data())
def test_a_higher_score_never_lowers_its_entry_and_touches_no_other(rows, data):
    at = data.draw(st.integers(0, len(rows) - 1))
    entry, group, score = rows[at]
    raised = list(rows)
    raised[at] = (entry, group, data.draw(quarters.filter(lambda other: other >= score)))
    before, after = (ranking(ENTRIES, cast_of(one), THREE) for one in (rows, raised))
    for one, other in zip(before, after, strict=True):
        if one.entry == entry:
            assert Decimal(other.score) >= Decimal(one.score)
        else:
            assert other.score == one.score


@settings(max_examples=200, deadline=None)
@given(ballots)
def test_a_score_lies_among_the_ballots_totals_and_joined_cells_are_large_enough(rows):
    cast = cast_of(rows)
    for one in ranking(ENTRIES, cast, THREE):
        totals = [total_of(vote.scores, THREE) for vote in cast if vote.entry == one.entry]
        assert (one.score is None) == (not totals)
        if totals:
            cents = Decimal("0.01")
            assert min(totals) - cents <= Decimal(one.score) <= max(totals) + cents
        cells = cells_of(one.entry, cast, THREE)
        assert len(cells) < 2 or min(len(cell.votes) for cell in cells) >= 3


@settings(max_examples=200, deadline=None)
@given(st.lists(quarters, min_size=4, max_size=12), quarters)
def test_a_bought_ballot_moves_a_trimmed_mean_no_further_than_its_honest_neighbours(honest, bought):
    honest = sorted(map(Fraction, honest))
    lowest, highest = (sum(part, Fraction(0)) / len(part) for part in (honest[:-1], honest[1:]))
    found = Fraction(figure_of([*map(in_decimals, honest), bought], TRIMMED))
    assert half_up(lowest) <= found <= half_up(highest)
