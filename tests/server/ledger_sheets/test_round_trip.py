"""The export imported again: unchanged it changes nothing; changed, the ledger's actions are done, all or none."""

from datetime import timedelta

import pytest

from models import Duty, JournalEntry, LedgerImport, LedgerItem
from models.vocabulary import ImportState, LedgerState, ObservationKind, OrganisationKind, Role, Scope
from server import ledger, ledger_sheets, people
from server.jobs.timetable import forget_previews
from server.kernel.refusal import NoSuchThing
from server.ledger import NewItem
from server.ledger_sheets import LedgerImportExpired
from tests.acting import act
from tests.server.ledger_sheets.conftest import a_sheet, edited

R, D, P, C = LedgerState.REGISTERED, LedgerState.DISPATCHED, LedgerState.IN_PROGRESS, LedgerState.CLOSED
ODD = [
    "=HYPERLINK(1)",
    "第一行\r\n第二行 ",
    "_x0041_与\tTab",
    "＝１＋１",
    "😀老旧小区",
    "-5",
    "2026-01",
    "007",
]


async def deeds(*, after=0):
    found = await JournalEntry.filter(id__gt=after).order_by("id")
    return [one.event for one in found if one.event.startswith("ledger")]


async def newest():
    return (await JournalEntry.all().order_by("-id").first()).id


async def a_county(office):
    return await people.add_organisation(
        "县委改革办", code="county", kind=OrganisationKind.COUNTY_REFORM_OFFICE, by=None, series="县"
    )


async def test_an_untouched_export_read_back_changes_nothing_at_all(office, sheets):
    unit, day = office.bureau, sheets.day
    states = [state for state in LedgerState if state is not LedgerState.MERGED]
    for state in states:
        at_work = {"lead_unit_id": unit.id, "due_on": day(9), "dispatched_at": sheets.now}
        kept = {"retention_note": "跨年", "next_review_on": day(90), "closed_at": sheets.now}
        stands = {} if state is R else at_work | kept
        await sheets.item(state.label, state=state, percent=33, wgs_latitude=38.487231, **stands)
    for odd in ODD:
        await sheets.item(odd, summary=odd, place_name=odd)
    await sheets.item("别家的事", office=await a_county(office))
    old = a_sheet(["标题", "挂号时间", "原编号", "期限"], [["旧事一件", day(-900), "旧-7", day(-500)]])
    await sheets.brought_in(await sheets.preview(old))
    data = await sheets.exported()
    await office.stop_working()
    before = await sheets.everything()

    seen = await sheets.preview(data)

    assert (seen.problems, seen.wishes, seen.kept) == ([], [], None)
    assert seen.unchanged == len(states) + len(ODD) + 2
    assert await sheets.everything() == before


async def test_each_change_is_a_deed_of_the_ledger_and_the_same_file_again_is_none(office, sheets):
    first = await sheets.item("路口坑槽")
    second = await sheets.item("井盖缺失", state=P, lead_unit_id=office.bureau.id, due_on=sheets.day(3))
    third = await sheets.item("垃圾未清")
    task = await sheets.task("2026-01")
    later = sheets.day(30)
    data = edited(
        await sheets.exported(),
        {
            first.number_text: {
                "标题": "路口坑槽（两处）",
                "类别": "请求帮助",
                "任务编号": "２０２６－０１",
                "牵头单位": "市住建局",
                "情况摘要": "两处坑槽",
            },
            second.number_text: {"地点": "民族街", "办理期限": later, "修改说明": "汛期停工"},
        },
    )
    since, before = await newest(), await LedgerItem.all().order_by("id").values()

    seen = await sheets.preview(data)

    assert (seen.changed, seen.taken_over, seen.unchanged, seen.problems) == (2, 0, 1, [])
    shown = {
        one.number: {field.column: (field.old, field.new) for field in one.fields} for one in seen.wishes
    }
    assert shown[first.number_text]["标题"] == ("路口坑槽", "路口坑槽（两处）")
    assert shown[second.number_text]["办理期限"] == (str(sheets.day(3)), str(later))
    assert await LedgerItem.all().order_by("id").values() == before

    done = await sheets.brought_in(seen)

    assert (done.state, done.done) == (ImportState.DONE, 2)
    assert await deeds(after=since) == [
        "ledger_import.confirmed",
        "ledger_item.amended",
        "ledger_item.amended",
        "ledger_item.due_postponed",
        "ledger_import.done",
    ]
    one, two, three = [await LedgerItem.get(id=item.id) for item in (first, second, third)]
    assert (one.title, one.summary, one.kind) == (
        "路口坑槽（两处）",
        "两处坑槽",
        ObservationKind.HELP_REQUEST,
    )
    assert (one.task_id, one.lead_unit_id, one.state) == (task.id, office.bureau.id, R)
    assert (two.place_name, two.due_on, two.version) == ("民族街", later, second.version + 2)
    assert three.version == third.version

    await ledger_sheets.confirm(done.id, by=sheets.chen, now=sheets.now)
    await ledger_sheets.bring_in(done.id, tools=office.tools)
    again = await sheets.preview(data)
    assert (again.problems, again.wishes, again.kept, again.unchanged) == ([], [], None, 3)
    assert len(await deeds(after=since)) == 5


async def test_what_cannot_be_is_told_by_row_and_column_and_nothing_is_kept(office, sheets):
    at_work = {"lead_unit_id": office.bureau.id, "due_on": sheets.day(9)}
    names = ["locked", "closed", "unit", "stranger", "earlier", "silent", "gone", "foreign", "stale", "bare"]
    county = await a_county(office)
    await people.add_organisation(
        "市交通局", code="traffic", kind=OrganisationKind.RESPONSIBLE_UNIT, by=None, parent=office.root
    )
    of = {
        name: await sheets.item(
            name,
            office=county if name == "foreign" else None,
            **(
                {"state": C} | at_work
                if name == "closed"
                else {}
                if name in ("stranger", "bare", "foreign")
                else {"state": D} | at_work
            ),
        )
        for name in names
    }
    data = await sheets.exported()
    await act(ledger.remind, of["stale"].id, version=of["stale"].version, words="请抓紧", by=sheets.chen)
    wrong = {
        "locked": {"状态": "已销号"},
        "closed": {"标题": "改一改"},
        "unit": {"牵头单位": "市交通局"},
        "stranger": {"牵头单位": "市没有的局"},
        "earlier": {"办理期限": sheets.day(2), "修改说明": "提前"},
        "silent": {"办理期限": sheets.day(20)},
        "gone": {"编号": "改-2026-9999"},
        "foreign": {"标题": "改一改"},
        "stale": {"标题": "改一改"},
        "bare": {"版本": None, "标题": ""},
    }
    sheet = edited(data, {of[name].number_text: change for name, change in wrong.items()})

    seen = await sheets.preview(sheet)

    told = {(problem.column, problem.what) for problem in seen.problems}
    assert told == {
        ("状态", "这一列不能在表里改。"),
        ("", "这件事已经办结，内容不能再改。"),
        ("", "这件事已经分办，牵头单位不能再改。"),
        ("牵头单位", "系统里没有名为“市没有的局”的单位。"),
        ("", "新的期限要晚于今天，也要晚于原来的期限。"),
        ("修改说明", "改了办理期限，没有写明原因。"),
        ("编号", "台账里没有编号“改-2026-9999”。"),
        ("", "这一件不归您办理，不能修改。"),
        ("版本", "导出以后别的同志办理过这一件，这一行已经旧了。"),
        ("版本", "没有版本，看不出是按哪一次导出改的。"),
    }
    assert len({problem.row for problem in seen.problems}) == len(names)
    assert all(problem.advice.endswith("。") for problem in seen.problems)
    assert (seen.kept, await LedgerImport.all().count()) == (None, 0)


async def test_a_number_that_is_not_one_s_to_see_and_one_that_is_not_there_read_the_same(office, sheets):
    ding = await office.enrol("小丁", Role.OFFICE_STAFF, organisation=await a_county(office))
    await Duty.filter(person=ding).update(scope=Scope.SUBTREE)
    theirs = await sheets.item("市里的事")
    told = []
    for number in (theirs.number_text, theirs.number_text.replace("0001", "8888")):
        sheet = a_sheet(["编号", "标题", "版本"], [[number, "改一改", 1]])
        seen = await sheets.preview(sheet, by=await office.actor(ding))
        told.append(
            [(one.row, one.column, one.what.replace(number, "n"), one.advice) for one in seen.problems]
        )
    assert len(told[0]) == 1
    assert told[0] == told[1]


async def test_somebody_was_faster_and_not_one_row_is_written(office, sheets):
    first, second = await sheets.item("第一件"), await sheets.item("第二件")
    change = {item.number_text: {"标题": f"{item.title}（改）"} for item in (first, second)}
    seen = await sheets.preview(edited(await sheets.exported(), change))
    new = NewItem("抢先改了", second.kind, place_name=second.place_name)
    await act(ledger.amend, second.id, version=second.version, to=new, by=sheets.chen)
    since = await newest()

    ended = await sheets.brought_in(seen)

    assert ended.state is ImportState.REFUSED
    ((problem,),) = [ended.problems]
    assert (problem["row"], problem["what"]) == (4, "别的同志刚刚办理过这一件，您看到的不是最新的。")
    assert (await LedgerItem.get(id=first.id)).title == "第一件"
    assert await deeds(after=since) == ["ledger_import.confirmed"]


async def test_a_preview_is_one_s_own_for_half_an_hour_and_then_forgotten(office, sheets):
    item = await sheets.item("第一件")
    seen = await sheets.preview(edited(await sheets.exported(), {item.number_text: {"标题": "改过"}}))
    gao = await office.actor(await office.enrol("小高", Role.OFFICE_STAFF))
    with pytest.raises(NoSuchThing):
        await ledger_sheets.confirm(seen.kept.id, by=gao, now=sheets.now)
    office.watch.ahead = timedelta(minutes=31)
    with pytest.raises(LedgerImportExpired):
        await ledger_sheets.confirm(seen.kept.id, by=sheets.chen, now=sheets.now)
    office.watch.ahead = timedelta(days=2)
    await forget_previews(office.tools)
    assert await LedgerImport.all().count() == 0
    assert (await LedgerItem.get(id=item.id)).title == "第一件"
