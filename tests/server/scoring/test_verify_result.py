"""Anybody recomputes a result with one file of standard Python, and any tampering is named."""

import ast
import copy
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.scoring import export_of, fingerprint_of, recomputed
from server.scoring.digests import ballot_digest, sha256_of
from tests.server.scoring.sealed_rounds import one_criterion, sealed, votes

PROGRAM = Path(__file__).parents[3] / "scripts/verify-result"
RULES = one_criterion(("a", 50), ("b", 30), ("c", 20), merge_below=3)
CAST = [
    *votes("92.5", "88", "95", "79", "90", group="a"),
    *votes("91", "90", group="b"),
    *votes("84.25", "80", "81", group="c"),
    *votes("90", "91", "92.25", group="a", entry="e2"),
]


def exported():
    given = sealed(RULES, CAST, entries=["e1", "e2", "e3"])
    return json.loads(json.dumps(export_of(given, recomputed(given))))


def verdict(export, folder):
    path = folder / "result.json"
    path.write_text(export if isinstance(export, str) else json.dumps(export, ensure_ascii=False), "utf-8")
    done = subprocess.run([sys.executable, "-I", PROGRAM, path], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_a_result_as_it_was_published_is_recomputed_and_its_fingerprint_shown(tmp_path):
    export = exported()
    assert [group["id"] for group in export["groups"]] == ["a", "b", "b+c", "c"]
    code, words = verdict(export, tmp_path)
    assert (code, words[:4]) == (0, "复算一致")
    assert fingerprint_of(export) in words


def reseal(export, ballot):
    scores = {"round_id": export["visit"]["id"], "entry": ballot["entry"], "salt": ballot["salt"]}
    old, ballot["digest"] = ballot["digest"], ballot_digest(**scores, scores=ballot["scores"])
    return old


def a_score(export):
    export["ballots"][0]["scores"]["c1"] = "99.00"


def a_ballot_elsewhere(export):
    ballot = next(one for one in export["ballots"] if one["entry"] == "e1")
    ballot["entry"] = "e2"


def a_trailing_zero(export):
    export["ballots"][0]["scores"]["c1"] += "0"


def a_score_and_its_digest(export):
    export["ballots"][0]["scores"]["c1"] = "99.00"
    reseal(export, export["ballots"][0])


def a_ballot_gone(export):
    del export["ballots"][0]


def a_ballot_twice(export):
    export["ballots"].append(export["ballots"][0])


def a_weight(export):
    export["rules"]["groups"][0]["weight"] = "60"


def a_group_weight(export):
    export["groups"][0]["weight"] = "60"


def a_published_score(export):
    export["result"][0]["score"] = "99.99"


def a_rank(export):
    export["result"][0]["rank"] = 1 + export["result"][0]["rank"] % 2


def a_step(export):
    export["result"][0]["steps"][0]["n"] = 4


def a_result_gone(export):
    del export["result"][2]


def a_figure_as_a_number(export):
    export["ballots"][0]["scores"]["c1"] = 90


def a_small_group_alone(export):
    one = next(one for one in export["ballots"] if one["group"] == "b+c")
    one["group"] = "b"


def a_ballot_not_counted_that_counts(export):
    export["not_counted"].append({"digest": export["digests"][0], "why": "回避"})


def a_score_out_of_range(export):
    export["ballots"][0]["scores"]["c1"] = "100.25"
    reseal(export, export["ballots"][0])
    export["digests"] = sorted(one["digest"] for one in export["ballots"])


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        (a_score, "第 1 张评分表的摘要不符"),
        (a_ballot_elsewhere, "摘要不符"),
        (a_trailing_zero, "第 1 张评分表的摘要不符"),
        (a_score_and_its_digest, "摘要清单"),
        (a_ballot_gone, "摘要清单"),
        (a_ballot_twice, "计入了两次"),
        (a_weight, "规则摘要"),
        (a_group_weight, "权重不是规则里的权重"),
        (a_published_score, "e1 的 score"),
        (a_rank, "e1 的 rank"),
        (a_step, "e1 的 steps"),
        (a_result_gone, "行数"),
        (a_figure_as_a_number, "不是文字"),
        (a_small_group_alone, "分组不合规则"),
        (a_ballot_not_counted_that_counts, "摘要清单"),
        (a_score_out_of_range, "不在范围内"),
    ],
)
def test_whatever_was_tampered_with_is_named(tamper, words, tmp_path):
    export = exported()
    tamper(export)
    code, said = verdict(export, tmp_path)
    assert code == 1
    assert words in said


def everything_made_consistent(export):
    ballot = export["ballots"][0]
    ballot["scores"]["c1"] = "99.00"
    reseal(export, ballot)
    export["ballots"].sort(key=lambda one: one["digest"])
    export["digests"] = [one["digest"] for one in export["ballots"]]


def names_of_entries(export):
    export["entries"][0]["name"] = "别处"


@pytest.mark.parametrize("tamper", [everything_made_consistent, names_of_entries])
def test_what_is_consistent_in_itself_shows_another_fingerprint(tamper):
    export = exported()
    before = fingerprint_of(export)
    tamper(export)
    assert fingerprint_of(export) != before


@pytest.mark.parametrize("broken", ["", "[]", "{}", '{"visit": 1, "visit": 2}', '{"rules": null}', "\ud7ff"])
def test_a_file_that_is_no_result_is_refused_in_words(broken, tmp_path):
    code, words = verdict(broken, tmp_path)
    assert code == 1
    assert "不是一份完整的结果文件" in words or "规则摘要" in words
    assert "Traceback" not in words


def test_the_program_stands_alone_and_is_short():
    source = PROGRAM.read_text("utf-8")
    named = [node for node in ast.walk(ast.parse(source)) if isinstance(node, (ast.Import, ast.ImportFrom))]
    assert all(isinstance(node, ast.Import) or node.module in sys.stdlib_module_names for node in named)
    names = {alias.name for node in named if isinstance(node, ast.Import) for alias in node.names}
    assert names <= sys.stdlib_module_names
    assert len(source.splitlines()) <= 190


def loaded():
    """The program's own functions, without its process: a hundred rounds are compared in a second."""
    program = {"__name__": "verify_result"}
    exec(compile(PROGRAM.read_text("utf-8"), str(PROGRAM), "exec"), program)
    return program


rows = st.lists(
    st.tuples(st.sampled_from(["e1", "e2"]), st.sampled_from("abc"), st.integers(0, 400)), max_size=30
)


@settings(max_examples=100, deadline=None)
@given(rows, st.sampled_from([0, 3]), st.sampled_from(["renormalise", "no_score"]), st.randoms())
def test_the_program_agrees_on_any_round_and_the_order_of_rows_is_no_difference(drawn, least, empty, dice):
    rules = one_criterion(("a", 50), ("b", 30), ("c", 20), merge_below=least, empty_group=empty)
    cast = [vote for entry, group, n in drawn for vote in votes(f"{n / 4:.2f}", group=group, entry=entry)]
    given = sealed(rules, cast, entries=["e1", "e2"])
    export = export_of(given, recomputed(given))
    program = loaded()
    assert program["first_difference"](export) is None
    shuffled = copy.deepcopy(export)
    dice.shuffle(shuffled["ballots"])
    assert program["first_difference"](shuffled) is None
    assert program["fingerprint"](shuffled) == fingerprint_of(export)
    assert sha256_of(export["rules"]) == export["rule_digest"]
