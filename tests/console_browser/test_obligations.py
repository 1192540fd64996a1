"""A county hands in its month report, a decision becomes an item and is closed, the duty sheet shows both."""

import hashlib
import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from models import AnnualTaskList, CloseOutRequest, LedgerItem, Meeting, MonthReport, ReformTask
from models.vocabulary import LedgerState, OrganisationKind, Role, TaskListState
from server import ledger, obligations, people
from server.kernel.clock import business_date
from server.ledger import commands as ask
from server.packs import ways_of
from tests.console_browser.test_every_page import told_well

SHOTS = os.environ.get("SHOTS")  # a folder that gets the pictures for looking at
PDF = b"%PDF-1.7\n%%EOF"


@pytest.fixture
async def city(office):
    """A county's office with 老段, the city's with 小陈 and 罗主任, the bureau's 王科长, and an official."""
    county = await people.add_organisation(
        "县委改革办", code="county", kind=OrganisationKind.COUNTY_REFORM_OFFICE, by=None, parent=office.root
    )
    head = await office.enrol("市委副书记", Role.LEADING_OFFICIAL)
    wang = await office.enrol("王科长", Role.COMMISSIONER, organisation=office.bureau)
    now = office.watch.now()
    today = business_date(now)
    told = {"state": TaskListState.PUBLISHED, "source_name": "清单.xlsx", "digest": "0" * 64}
    listed = await AnnualTaskList.create(year=today.year, version=1, published_at=now, **told)
    task = await ReformTask.create(
        task_list=listed,
        year=today.year,
        code=f"{today.year}-01",
        measure=1,
        name="企业开办一件事",
        lead_unit=office.bureau,
        leading_official=head,
        due_on=date(today.year, 12, 31),
    )
    await task.commissioners.add(wang)
    cadences = [one for one in ways_of("yinchuan").cadences if not one.organisations]
    await obligations.open_day(today, cadences=cadences, now=now)
    return {
        "duan": await office.desk_of("县办老段", Role.OFFICE_STAFF, organisation=county),
        "chen": await office.desk_of("小陈"),
        "luo": await office.desk_of("罗主任", Role.OFFICE_LEAD),
        "wang": wang,
        "head": head,
        "task": task,
    }


async def shoot(one, name):
    if SHOTS:
        await one.page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
        await one.page.set_viewport_size({"width": 375, "height": 800})
        await one.page.screenshot(path=Path(SHOTS) / f"{name}-phone.png", full_page=True)
        await one.page.set_viewport_size({"width": 1366, "height": 768})


async def readable(one, path):
    """Look at the page at a desk and on a phone, light and dark."""
    for width, height in ((1366, 768), (375, 800)):
        await one.page.set_viewport_size({"width": width, "height": height})
        for look in ("light", "dark"):
            await one.page.emulate_media(color_scheme=look, reduced_motion="reduce")
            await told_well(one, path, f"{width}, {look}")
    await one.page.set_viewport_size({"width": 1366, "height": 768})
    await one.page.emulate_media(color_scheme="light")


async def test_from_a_month_report_and_a_meeting_to_the_duty_sheet(office, window, city, tmp_path):
    (tmp_path / "纪要.pdf").write_bytes(PDF)
    async with window(city["duan"]) as one:
        await one.open("/console/obligations")
        await one.page.get_by_label("县委改革办每月情况报告").first.click()
        await one.page.get_by_label("标题").fill("本月情况报告")
        await one.page.get_by_role("button", name="上交", exact=True).click()
        await one.page.wait_for_url("**/console/month-reports/*")
        await one.page.get_by_label("选择文件").set_input_files(tmp_path / "纪要.pdf")
        await one.page.get_by_role("button", name="添加附件").click()
        await one.says("纪要.pdf")
        async with one.page.expect_download() as file:
            await one.page.get_by_role("link", name="纪要.pdf").click()
        content = open(await (await file.value).path(), "rb").read()  # noqa: SIM115
        assert hashlib.sha256(content).digest() == hashlib.sha256(PDF).digest()
        await shoot(one, "report")
        await one.open("/console/obligations/list?state=met")
        assert await one.page.locator("#total").inner_text() == "1"
    assert (await MonthReport.get()).title == "本月情况报告"

    async with window(city["chen"]) as one:
        await one.open("/console/meetings/new")
        await one.page.get_by_label("种类").select_option("thematic_meeting")
        await one.page.get_by_label("会议名称").fill("企业开办专题会议")
        await one.page.get_by_label("主持").select_option(label="市委副书记")
        await one.page.get_by_label("议定事项").fill("打通企业开办数据接口\n压缩审批时限")
        await shoot(one, "new-meeting")
        await one.page.get_by_role("button", name="登记").click()
        await one.says("议定事项（2）")
        await one.page.get_by_text("挂号分办").first.click()
        await one.page.get_by_label("承办单位").first.fill("市住房城乡建设局")
        await one.page.get_by_role("button", name="挂号并分办").first.click()
        await one.says("已分办")
        await shoot(one, "meeting")
        item = await LedgerItem.get()
        assert (item.origin_kind, item.origin_id) == ("meeting", (await Meeting.get()).id)
        await one.open(f"/console/ledger/{item.id}")
        await one.page.get_by_role("link", name="企业开办专题会议").click()
        await one.says("压缩审批时限")
    await LedgerItem.filter(id=item.id).update(task_id=city["task"].id)
    await close(office, city, item)

    async with window(city["luo"]) as one:
        for path, name in (
            ("/console/obligations", "wall"),
            ("/console/obligations/list", "list"),
            ("/console/meetings", "meetings"),
            ("/console/month-reports", "reports"),
            ("/console/month-reports/requests", "requests"),
            ("/console/month-reports/new", "new-report"),
            ("/console/cadences", "rules"),
            ("/console/cadences/month_report", "rule"),
            ("/console/cadences/new", "new-rule"),
            ("/console/duty-sheets", "officials"),
        ):
            await one.open(path)
            await readable(one, path)
            await shoot(one, name)
        await one.open(f"/console/duty-sheets/{city['head'].id}")
        await readable(one, "duty sheet")
        await shoot(one, "duty-sheet")
        for label, figure in (("主持会议", "1"), ("其中已销号", "1"), ("挂号事项", "1")):
            line = one.page.locator(".glance-line", has=one.page.get_by_role("link", name=label, exact=True))
            assert await line.locator("b").inner_text() == figure
        await one.page.get_by_role("link", name="其中已销号").click()
        assert await one.page.locator("#total").inner_text() == "1"


async def close(office, city, item):
    """Acknowledge the item, report it done and close it, each by the person who would."""
    now = office.watch.now() + timedelta(minutes=1)
    await LedgerItem.filter(id=item.id).update(commissioner_id=city["wang"].id)
    wang, luo = await office.actor(city["wang"]), await office.actor(city["luo"].person)
    item = await LedgerItem.get(id=item.id)
    item = (await ledger.acknowledge(item.id, ask.Deed(version=item.version), by=wang, now=now)).item
    await LedgerItem.filter(id=item.id).update(state=LedgerState.CLOSING, asked_by_id=city["wang"].id)
    await CloseOutRequest.create(
        item=item, asked_by=city["wang"], text="已打通", state="asked", round=1, asked_at=now
    )
    yes = ask.CloseOutDecision(version=item.version, approved=True, reply="现场已核")
    await ledger.decide_close_out(item.id, yes, by=luo, now=now)
