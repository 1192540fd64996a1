"""Careless and arranged scoring is noticed; honest scoring is not."""

from random import Random

from server.scoring import identical, straight_lining


def sheet(*scores):
    return {f"c{n}": score for n, score in enumerate(scores)}


def test_who_gives_one_figure_everywhere_or_the_same_sheet_everywhere_is_noticed():
    ballots = {
        "all 90": {"e1": sheet("90", "90"), "e2": sheet("90", "90")},
        "one figure a stop": {"e1": sheet("90", "90"), "e2": sheet("80", "80")},
        "one sheet": {"e1": sheet("90", "80"), "e2": sheet("90", "80")},
        "honest": {"e1": sheet("90", "80"), "e2": sheet("90", "81")},
        "one stop": {"e1": sheet("90", "90")},
        "one criterion": {"e1": sheet("90"), "e2": sheet("90")},
    }
    assert straight_lining(ballots) == {"all 90", "one figure a stop", "one sheet"}


def test_two_judges_with_the_same_six_figures_are_noticed_and_five_are_chance():
    one = {"e1": sheet("90", "80", "70"), "e2": sheet("60", "50", "40")}
    other = {**one, "e3": sheet("1", "2", "3")}
    near = {"e1": sheet("90", "80", "70"), "e2": sheet("60", "50", "41")}
    short = {"e1": sheet("90", "80", "70"), "e2": {"c0": "60", "c1": "50"}}
    assert identical({"one": one, "other": other, "near": near}) == {frozenset({"one", "other"})}
    assert identical({"short": short, "again": short}) == set()


def test_every_seeded_cheater_is_noticed_and_no_honest_judge():
    dice = Random(20261127)

    def honest():
        return {f"e{n}": sheet(*(str(dice.randint(140, 196) / 2) for _ in range(5))) for n in range(5)}

    ballots = {f"honest {n}": honest() for n in range(200)}
    flat = {f"flat {n}": {f"e{e}": sheet(*[str(80 + n)] * 5) for e in range(5)} for n in range(10)}
    copied = {f"copied {n}": ballots[f"honest {n}"] for n in range(10)}
    found = straight_lining(ballots | flat | copied)
    pairs = identical(ballots | flat | copied)
    assert found == set(flat)
    assert pairs == {frozenset({f"copied {n}", f"honest {n}"}) for n in range(10)}
