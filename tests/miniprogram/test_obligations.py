"""What a county office owes on its phone: the wall of the year, and a month report handed in in three taps."""

import pytest

from models import FileArrival, FileLine, MonthReport, Obligation
from models.vocabulary import CadencePeriod, FileKind, OrganisationKind, ProofKind, Role
from server import obligations, people
from server.kernel.clock import business_date
from server.obligations import HandIn
from server.packs import CadenceEntry
from tests.conftest import until
from tests.miniprogram.test_looks import look
from tests.miniprogram.test_working_on_items import a_shot

MODES = [("light", 375, "light", 16), ("dark", 430, "dark", 16), ("elder", 375, "light", 22)]
COUNTIES = (OrganisationKind.COUNTY_REFORM_OFFICE,)
MEETINGS = (ProofKind.JOINT_MEETING, ProofKind.THEMATIC_MEETING, ProofKind.ON_SITE_WORKING_MEETING)
CADENCES = [
    CadenceEntry(
        code="report",
        name="每月情况报告",
        period=CadencePeriod.MONTH,
        proofs=(ProofKind.MONTH_REPORT,),
        kinds=COUNTIES,
    ),
    CadenceEntry(
        code="meeting", name="每月协调会议", period=CadencePeriod.MONTH, proofs=MEETINGS, kinds=COUNTIES
    ),
]


@pytest.fixture
async def county(office):
    """A county's office that owes a report and a meeting this month."""
    found = await people.add_organisation(
        "县委改革办", code="county", kind=OrganisationKind.COUNTY_REFORM_OFFICE, by=None, parent=office.root
    )
    now = office.watch.now()
    assert await obligations.open_day(business_date(now), cadences=CADENCES, now=now) == 2
    return found


@pytest.mark.parametrize(("mode", "width", "scheme", "font"), MODES)
async def test_a_county_office_hands_in_its_month_report_in_three_taps(
    office, handset, county, mode, width, scheme, font
):
    how = {"width": width, "scheme": scheme, "hooks": {"fontSizeSetting": font}}
    duan = await handset("县办老段", Role.OFFICE_STAFF, organisation=county, **how)
    await duan.visit("/packages/obligations/pages/list/list")
    await duan.says("待上交（2）")
    await look(duan, f"{mode}-obligations")

    await duan.tap("每月情况报告")  # the first tap; the second chooses the picture, the third hands it in
    await duan.tap("添加照片")
    async with duan.page.expect_file_chooser() as chooser:
        await duan.tap("同意", exact=True)
    await (await chooser.value).set_files([a_shot("navy")])
    await duan.says("照片1")
    await look(duan, f"{mode}-obligation-to-hand-in")
    await duan.tap("上交", exact=True)
    await duan.says("已上交，已完成。")
    await duan.says("已送达")
    await look(duan, f"{mode}-obligation-met")
    report = await MonthReport.get()
    assert report.organisation_id == county.id
    await until(lambda: FileArrival.filter(kind__in=[FileKind.JPEG, FileKind.PNG]).exists())
    assert (await FileLine.get()).subject_id == report.id

    await duan.visit("/packages/obligations/pages/list/list")
    await duan.says("待上交（1）")
    await duan.tap("全年日历")
    await duan.says("已完成1")
    await look(duan, f"{mode}-wall")


async def test_a_file_without_a_network_lies_on_the_phone_and_goes_when_there_is_one(office, handset, county):
    duan = await handset("县办老段", Role.OFFICE_STAFF, organisation=county)
    owed = await Obligation.get(rule_code="report")
    await duan.visit(f"/packages/obligations/pages/obligation/obligation?id={owed.id}")
    await duan.says("添加照片")
    await duan.lose_network()
    await duan.tap("上交", exact=True)
    await duan.tap("知道了")
    assert not await MonthReport.exists()
    await duan.find_network()
    await duan.tap("上交", exact=True)
    await duan.says("已上交，已完成。")
    assert await MonthReport.all().count() == 1


async def test_who_may_only_look_sees_what_was_handed_in_and_no_form(office, handset, county):
    owed = await Obligation.get(rule_code="report")
    actor = await office.actor(await office.enrol("县办老白", Role.OFFICE_STAFF, organisation=county))
    now = office.watch.now()
    command = HandIn(kind=ProofKind.MONTH_REPORT, title="本月情况报告", done_on=business_date(now))
    await obligations.hand_in(owed.id, command, by=actor, now=now)
    lead = await handset("罗主任", Role.OFFICE_LEAD)
    await lead.visit(f"/packages/obligations/pages/obligation/obligation?id={owed.id}")
    await lead.says("本月情况报告")
    await lead.gone("添加照片")
