"""A title for the ledger, proposed from a report's own words."""

import pytest

from server.observations import proposed_title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("路口坑槽一周未修", "路口坑槽一周未修"),
        ("路口坑槽一周未修。晚上有人摔倒!", "路口坑槽一周未修"),
        ("\n  路口坑槽，\n一周未修", "路口坑槽"),
        ("。。!", "。。!"),
        (
            "政务大厅“一件事一次办”窗口下午三点就不取号了，排队的十几个人都让明天再来",
            "政务大厅“一件事一次办”窗口下午三点就不取号了",
        ),
        ("字" * 80, "字" * 30),
    ],
)
def test_the_first_sentence_is_proposed_and_cut_at_a_pause(text, title):
    assert proposed_title(text) == title
