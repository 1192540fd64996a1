"""Checks that a summary is in the office's own words."""

import pytest

from server.cases.own_words import copied_passage

REPORT = "北京路与民族街路口有两个坑，下雨积水看不清，上周有位老人在这里摔倒。"


@pytest.mark.parametrize(
    ("summary", "copied"),
    [
        ("路面破损，有行人摔伤风险。", False),
        ("北京路与民族街路口路面破损。", False),  # a place name has no style
        ("反映下雨积水看不清，上周有位老人在这里摔倒", True),
        ("下雨 积水,看不清上周有位老人在这里，摔倒！", True),  # other punctuation doesn't hide it
        ("", False),
    ],
)
def test_a_quoted_sentence_is_found_and_a_place_name_is_not(summary, copied):
    assert bool(copied_passage(summary, REPORT)) is copied
