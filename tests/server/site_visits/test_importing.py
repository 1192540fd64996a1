"""Observers from a sheet: every error at once, people known by designation and unit alone, all invited or nobody."""

import asyncio
import re
from datetime import timedelta

import pytest

from models import Duty, JournalEntry, ObserverImport, ScoreJudge, VisitObserver
from models.vocabulary import Role
from server import site_visits
from server.gateways.workbooks import read_sheet
from server.people import NotAllowed
from server.site_visits.refusals import (
    NotAnObserver,
    ObserverImportOver,
    ObserverSheetUnreadable,
    WrongVisitStep,
)
from tests.server.ledger_sheets.conftest import a_sheet
from tests.server.ledger_sheets.test_real_sheets import a_workbook, the_list, told

HEADERS = ["称谓", "单位", "评审组"]


@pytest.fixture
async def planned(visit):
    """A visit in preparation whose list holds 评委0 in the group of experts."""
    visit.visit = await site_visits.create_visit(
        visit.plan(), visit.stops_planned(), by=visit.chen, now=visit.now, tools=visit.tools
    )
    await visit.invite(visit.people[0])
    return visit


async def previewed(visit, *rows, headers=HEADERS, sheet=None, by=None):
    return await site_visits.preview_observers(
        visit.visit.id,
        sheet or a_sheet(headers, list(rows)),
        source_name="名单.xlsx",
        by=by or visit.chen,
        now=visit.now,
    )


async def confirmed(visit, token, *, by=None, now=None, visit_id=None):
    return await site_visits.confirm_observers(
        visit_id or visit.visit.id, token, by=by or visit.chen, now=now or visit.now
    )


async def listed(visit):
    found = await VisitObserver.filter(visit_id=visit.visit.id).select_related("person")
    return {(one.person.designation, one.group) for one in found}


async def test_a_list_is_previewed_and_confirmed_once_whoever_presses_twice(planned):
    office = planned.office.root.name
    rows = [["评委1", office, "专家组"], ["评委2", None, " 代表组 "], ["评委0", office, "专家组"]]
    seen = await previewed(planned, *rows)
    assert (told(seen.problems), seen.new, len(seen.rows)) == ([], 2, 3)
    assert [one.is_known for one in seen.rows] == [False, False, True]
    assert await listed(planned) == {("评委0", "experts")}

    both = await asyncio.gather(confirmed(planned, seen.token), confirmed(planned, seen.token))
    assert both == [2, 2]
    assert await confirmed(planned, seen.token, now=planned.now + timedelta(hours=1)) == 2
    assert await listed(planned) == {("评委0", "experts"), ("评委1", "experts"), ("评委2", "deputies")}
    invited = JournalEntry.filter(event="site_visit.observer_invited", subject_id=planned.visit.id)
    assert await invited.count() == 3
    assert (await previewed(planned, *rows)).new == 0


async def test_every_error_of_every_row_is_told_in_one_round_and_nothing_is_kept(planned):
    office, enrol = planned.office, planned.office.enrol
    await enrol("评委1", Role.DEPUTY, organisation=office.bureau)
    await enrol("王科长", Role.COMMISSIONER, organisation=office.bureau)
    seen = await previewed(
        planned,
        ["评委9", office.root.name, "专家组"],
        ["评委1", None, "专家组"],
        ["评委1", office.bureau.short_name, "代表组"],
        ["王科长", office.bureau.name, "代表组"],
        ["评委2", office.bureau.name, "专家组"],
        ["评委3", office.root.name, "媒体组"],
        ["评委4", office.root.name, "专家组"],
        ["评委4", None, "代表组"],
        ["评委0", None, "代表组"],
        ["评委2", None, None],
    )
    assert told(seen.problems) == [
        (3, "称谓", "可以邀请的人里没有“评委9”。"),
        (4, "称谓", "“评委1”有2位，不知道是哪一位。"),
        (6, "称谓", "“王科长”没有观察评议的职责。"),
        (7, "单位", f"“{office.bureau.name}”没有称谓为“评委2”的观察员。"),
        (8, "评审组", "评分规则里没有评审组“媒体组”。"),
        (10, "", "与第9行是同一位。"),
        (11, "评审组", "已在名单的“专家组”里。"),
        (12, "评审组", "没有填写。"),
    ]
    assert (await ObserverImport.get()).rows == []
    with pytest.raises(ObserverImportOver, match="还有没改好的问题"):
        await confirmed(planned, seen.token)
    assert await listed(planned) == {("评委0", "experts")}


async def test_a_sheet_never_tells_whether_a_citizen_is_known(planned):
    await planned.office.enrol("热心市民", Role.CITIZEN)
    unknown, citizen = [
        (await previewed(planned, [name, planned.office.root.name, "专家组"])).problems[0].what
        for name in ("无此人", "热心市民")
    ]
    assert citizen == unknown.replace("无此人", "热心市民")


async def test_only_who_previewed_can_confirm_for_half_an_hour_and_for_that_visit(planned):
    seen = await previewed(planned, ["评委1", None, "专家组"])
    other = await site_visits.create_visit(
        planned.plan(title="另一次观摩"), [], by=planned.chen, now=planned.now, tools=planned.tools
    )
    for attempt in (
        {"by": planned.luo},
        {"visit_id": other.id},
        {"now": seen.expires_at + timedelta(seconds=1)},
    ):
        with pytest.raises(ObserverImportOver):
            await confirmed(planned, seen.token, **attempt)
    with pytest.raises(NotAllowed):
        await confirmed(planned, seen.token, by=planned.actors[1])
    assert await confirmed(planned, seen.token, now=seen.expires_at) == 1


async def test_whoever_changed_meanwhile_keeps_the_whole_list_out(planned):
    seen = await previewed(planned, ["评委1", None, "专家组"], ["评委2", None, "专家组"])
    await planned.invite(planned.people[2], "deputies")
    with pytest.raises(ObserverImportOver, match="被别人改过"):
        await confirmed(planned, seen.token)
    again = await previewed(planned, ["评委1", None, "专家组"], ["评委3", None, "专家组"])
    yesterday = planned.today - timedelta(days=1)
    await Duty.filter(person_id=planned.people[3].id).update(since_on=yesterday, until_on=yesterday)
    with pytest.raises(NotAnObserver):
        await confirmed(planned, again.token)
    assert await listed(planned) == {("评委0", "experts"), ("评委2", "deputies")}


async def test_a_list_for_a_published_visit_lets_its_people_judge(visit):
    await visit.publish(groups=("experts", "experts", "experts", "deputies", "deputies"))
    late = await visit.office.enrol("评委5", Role.DEPUTY)
    seen = await previewed(visit, ["评委5", None, "代表组"])
    await confirmed(visit, seen.token)
    assert await ScoreJudge.filter(round_id=visit.visit.id, person_id=late.id, group="deputies").exists()
    await site_visits.cancel_visit(
        (
            draft := await site_visits.create_visit(
                visit.plan(title="不办的"), [], by=visit.chen, now=visit.now, tools=visit.tools
            )
        ).id,
        reason="改期",
        by=visit.chen,
    )
    visit.visit = draft
    with pytest.raises(WrongVisitStep):
        await previewed(visit, ["评委1", None, "专家组"])


async def test_sheets_as_offices_send_them_are_read(planned):
    def fill(sheet, _):
        the_list(
            ["一、专家组"],
            [1, "评委1", "", "专家组", "139…"],
            [2, "评委2", "", "专家组", ""],
            ["合计", 2],
            headers=["序号", "姓名", "工作单位", "组别", "备注"],
        )(sheet, None)
        sheet.set_row(2, None, None, {"hidden": True})

    cover = the_list(headers=["2026年观摩评议工作方案"])
    seen = await previewed(planned, sheet=a_workbook(封面=cover, 名单=fill))
    assert (told(seen.problems), seen.new) == ([], 2)
    assert seen.unknown_columns == ["序号", "备注"]
    assert [(one.row, one.why) for one in seen.skipped] == [(2, "分节标题"), (5, "合计或说明行")]
    assert seen.notes[0] == "读的是工作表“名单”。"
    assert seen.notes[1].startswith("第3行在表里是隐藏的")


async def test_columns_and_cells_that_cannot_be_read_are_problems(planned):
    def fill(sheet, _):
        the_list(headers=HEADERS)(sheet, None)
        sheet.write_row(1, 0, ["评委1", ""])
        sheet.write_formula(1, 2, '=VLOOKUP("x",A:B,2,0)', None, "#N/A")

    seen = await previewed(planned, sheet=a_workbook(名单=fill))
    assert told(seen.problems) == [(2, "评审组", "公式的结果是“#N/A”，读不出内容。")]
    twice = await previewed(
        planned, ["评委1", "评委1", "", "专家组"], headers=["姓名", "评委", "单位", "组别"]
    )
    assert "都像是“称谓”，不知道用哪一列" in twice.problems[0].what
    for sheet, words in (
        (b"not a sheet", "模板|另存为"),
        (a_sheet(["称谓", "评审组"], [["评委1", "专家组"]]), "没有找到观察员名单的表头"),
        (a_sheet(HEADERS, []), "表头下面没有观察员"),
        (a_sheet(HEADERS, [[f"评委{n}", "", "专家组"] for n in range(501)]), "一次最多导入500人"),
    ):
        with pytest.raises(ObserverSheetUnreadable) as refused:
            await previewed(planned, sheet=sheet)
        assert re.search(words, f"{refused.value.message}{refused.value.hint}")


async def test_the_template_is_read_back_and_names_only_who_may_be_invited(planned):
    template = await site_visits.observers_template(planned.visit.id, by=planned.chen, now=planned.now)
    header = read_sheet(template)[-1]
    assert header.cells[:3] == ("称谓", "单位", "评审组")
    with pytest.raises(ObserverSheetUnreadable, match="表头下面没有观察员"):
        await previewed(planned, sheet=template)


async def test_unconfirmed_previews_are_forgotten_a_day_after_they_expired(planned):
    kept = await previewed(planned, ["评委1", None, "专家组"])
    await confirmed(planned, kept.token)
    left = await previewed(planned, ["评委2", None, "专家组"])
    a_day_after = left.expires_at + timedelta(days=1)
    assert await site_visits.forget_observer_previews(now=a_day_after) == 0
    assert await site_visits.forget_observer_previews(now=a_day_after + timedelta(seconds=1)) == 1
    assert (await ObserverImport.get()).confirmed_at is not None
