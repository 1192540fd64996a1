"""Older ledgers: each open matter gets a number of its registration year, once."""

import asyncio

import pytest

from models import JournalEntry, LedgerItem, NumberSeries, OldEntry
from models.vocabulary import ImportState, LedgerState, ObservationKind
from server.kernel.clock import business_date
from server.ledger_sheets import LedgerSheetEmpty, LedgerSheetWithoutHeader, TooManyChanges
from tests.server.ledger_sheets.conftest import a_sheet

HEADERS = ["序号", "事项名称", "责任单位", "登记日期", "整改时限", "办理状态", "旧编号", "进度（%）"]
LINES = [
    ["一、城建领域"],
    [1, "老旧小区漏雨", "市住建局", "２０２４年３月１５日", "2024年底", "推进中", "旧２０２４－７", 60],
    [2, "=1+1路口坑槽", None, "2024.6.1", None, "未办结", None, None],
    [None, "公交站台破损", "市住房城乡建设局", "2025-01-02", "2099-12-31", None, None, None],
    ["合计", None, None, None, None, None, None, 3],
]


async def test_an_older_ledger_comes_in_as_offices_write_it_and_only_once(office, sheets):
    await sheets.item("今年的事")
    sheet = a_sheet(HEADERS, LINES)
    seen = await sheets.preview(sheet)
    assert (seen.problems, seen.taken_over, seen.changed) == ([], 3, 0)
    assert [one.why for one in seen.skipped] == ["分节标题", "旧台账的这几列不接入", "合计或说明行"]
    assert seen.unknown_columns == ["序号"]

    done = await sheets.brought_in(seen)

    assert done.state is ImportState.DONE
    items = await LedgerItem.filter(old_entry__id__isnull=False).order_by("number_text")
    assert [item.number_text for item in items] == ["改-2024-0001", "改-2024-0002", "改-2025-0001"]
    assert [change["number"] for change in done.changes] == [item.number_text for item in items]
    first, second, third = items
    assert (first.title, first.state, first.kind) == (
        "老旧小区漏雨",
        LedgerState.REGISTERED,
        ObservationKind.PROBLEM,
    )
    assert business_date(first.registered_at).isoformat() == "2024-03-15"
    assert (first.due_on.isoformat(), first.lead_unit_id) == ("2024-12-31", office.bureau.id)
    assert (second.title, second.due_on, third.lead_unit_id) == ("=1+1路口坑槽", None, office.bureau.id)
    assert (await OldEntry.get(item=first)).old_number == "旧２０２４－７"
    assert await JournalEntry.filter(event="ledger_item.taken_over").count() == 3
    assert {(one.year, one.last_number) for one in await NumberSeries.all()} >= {(2024, 2), (2025, 1)}

    again = await sheets.preview(sheet)
    assert (again.problems, again.wishes, again.unchanged, again.kept) == ([], [], 3, None)


async def test_two_who_confirm_the_same_ledger_at_once_take_it_over_once(office, sheets):
    both = [await sheets.preview(a_sheet(HEADERS, LINES)) for _ in range(2)]
    ended = await asyncio.gather(*[sheets.brought_in(one) for one in both])
    assert sorted(one.state for one in ended) == [ImportState.DONE, ImportState.REFUSED]
    assert await LedgerItem.all().count() == 3
    (refused,) = [one for one in ended if one.state is ImportState.REFUSED]
    assert "已经接入，编号改-2024-0001。" in refused.problems[0]["what"]


async def test_what_an_older_ledger_lacks_is_told_by_row(sheets):
    good = ["老旧小区漏雨", "2024-03-15"]
    lines = [
        [*good, None, None],
        [*good, None, None],
        ["", "2024-03-15", "市住建局", None],
        ["井盖缺失", None, None, None],
        ["井盖缺失", "2099-01-01", None, None],
        ["井盖缺失", "尽快", None, None],
        ["井盖缺失", "2024-03-15", "市住建", None],
        ["井盖缺失", "2024-03-15", None, "已销号"],
    ]
    seen = await sheets.preview(a_sheet(["标题", "挂号时间", "牵头单位", "状态"], lines))
    assert [(one.row, one.column, one.what) for one in seen.problems] == [
        (4, "", "与第3行是同一件。"),
        (5, "标题", "没有填写或者太短。"),
        (6, "挂号时间", "没有填写。"),
        (7, "挂号时间", "2099-01-01晚于今天或者太早。"),
        (8, "挂号时间", "看不懂“尽快”。"),
        (9, "牵头单位", "系统里没有名为“市住建”的单位。"),
        (10, "状态", "旧台账里已是“已销号”，不接入。"),
    ]
    assert seen.kept is None


async def test_a_sheet_that_is_none_and_one_that_asks_too_much_are_refused(sheets):
    for headers, rows, refusal in (
        (["甲", "乙", "丙"], [["1", "2", "3"]], LedgerSheetWithoutHeader),
        (["标题", "挂号时间", "牵头单位"], [], LedgerSheetEmpty),
        (
            ["标题", "挂号时间", "牵头单位"],
            [[f"第{n}件", "2024-03-15", None] for n in range(501)],
            TooManyChanges,
        ),
    ):
        with pytest.raises(refusal):
            await sheets.preview(a_sheet(headers, rows))
