"""Text is cleaned once, searched in one form, and codes are read however they are typed."""

import json
from pathlib import Path

import asyncpg
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server.kernel.text import cleaned, code_form, receipt_number_in, search_form, words_of


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("路口坑槽", "路口坑槽"),
        ("a\bb", "ab"),
        ("坑\0槽", "坑槽"),
        ("坑槽\ud83d", "坑槽"),
        ("一\r\n二\r三\u2028四\v五\x85六", "一\n二\n三\n四\n五\n六"),
        ("e\u0301", "é"),
        ("\ufeff名称", "名称"),
        ("左\u202e右\u2066", "左右"),
        ("尾\uffff\U0001fffe", "尾"),
        ("👨\u200d👩\u200d👧 ✅ བོད \ue123", "👨\u200d👩\u200d👧 ✅ བོད \ue123"),
        ("\ue123", "\ue123"),
        ("  两端空格留给字段自己处理 ", "  两端空格留给字段自己处理 "),
    ],
)
def test_what_is_typed_is_kept_in_one_clean_form(typed, kept):
    assert cleaned(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "\u3000\t\n",
        "\u200b\u200b",
        "\u2800",
        "\u3164",
        "\u00ad",
        "\ufe0f",
        "\u0301",
        "\u115f\u1160",
        "\b",
        "\ud83d",
    ],
)
def test_what_nobody_can_see_is_empty(typed):
    assert cleaned(typed) == ""


def test_the_phone_cleans_by_the_same_cases():
    """They are read by tests/miniprogram/unit/knowing.test.mjs, too."""
    for case in json.loads((Path(__file__).parent / "text_cases.json").read_text("utf-8")):
        assert cleaned(case["typed"]) == case["kept"]


@given(st.text())
@example("\u1e9b\u0323")
def test_cleaning_twice_is_cleaning_once(typed):
    once = cleaned(typed)
    assert cleaned(once) == once
    once.encode()  # fits every table and every wire


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("坑槽 小区", ["坑槽", "小区"]),
        ("　ＥＲＲ　２０２６—１", ["err", "2026-1"]),
        ("〔2026〕12号", ["(2026)12号"]),
        ("  ", []),
    ],
)
def test_a_search_is_words_in_one_form(query, words):
    assert words_of(query) == words


@pytest.mark.parametrize(
    "typed",
    ["7KQ4M-2XPRT", "7kq4m2xprt", " 7KQ4M 2XPRT ", "７ＫＱ４Ｍ—２ＸＰＲＴ", "7KQ4M_2XPRT", "7KQ4·M2XPRT"],
)
def test_a_receipt_number_is_read_however_it_is_typed(typed):
    assert receipt_number_in(typed) == "7KQ4M-2XPRT"
    assert code_form(typed) == "7KQ4M2XPRT"


@pytest.mark.parametrize(
    "typed", ["", "7KQ4M-2XPR", "7KQ4M-2XPRTT", "7KQ4M-2XPR0", "7KQ4M-2XPRI", "银改督〔2026〕12号"]
)
def test_what_is_no_receipt_number_is_none(typed):
    assert receipt_number_in(typed) is None


async def test_the_database_searches_in_the_same_form(database_url):
    texts = [
        "ＥＲＲ ２０２６—〔12〕【x】",
        "Straße ﬁn",
        "①㎡",
        "北京路　5号\t\n",
        "a-b_c–d",
        "ÀÉÎ",
        "ｶﾞ",
        "坑槽|小区",
        "{[<x>]}",
    ]
    connection = await asyncpg.connect(database_url)
    try:
        for text in texts:
            assert await connection.fetchval("SELECT search_form($1)", text) == search_form(text)
    finally:
        await connection.close()
