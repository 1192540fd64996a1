"""Meetings and month reports: they count at once, open ledger items both ways, and what needs the city is answered."""

from datetime import date

import pytest

from models import CoordinationRequest, LedgerItem, MeetingDecision, Obligation
from models.vocabulary import OrganisationKind, ProofKind, RequestToCity, Role
from server import ledger, meetings, people
from server.kernel.refusal import NoSuchThing
from server.kernel.state_machine import StaleItem
from server.meetings import MeetingFilter, ReportFilter, RequestFilter
from server.meetings import commands as ask
from server.meetings import refusals as no
from server.people import NotAllowed
from tests.server.obligations.conftest import City

DAY = date(2026, 11, 12)


@pytest.fixture
async def city(office):
    found = await City(office).open()
    await found.open_day(date(2026, 11, 1))
    found.at(DAY)
    found.head = await office.enrol("市委副书记", Role.LEADING_OFFICIAL)
    return found


async def held(city, *, by=None, **changes):
    told = {"kind": ProofKind.JOINT_MEETING, "title": "第十一次联席会议", "held_on": DAY} | changes
    return await meetings.record(ask.RecordMeeting(**told), by=by or city.duan, now=city.now)


async def test_a_recorded_meeting_meets_what_its_organisation_owes(city):
    await held(city, decisions=["打通数据接口"], chair_id=city.head.id)
    assert await city.states("month_meeting") == {"office": ["open"], "county": ["met"]}
    (one,) = await meetings.meetings_of(city.luo, MeetingFilter(year=2026))
    assert (one.title, one.chair.designation) == ("第十一次联席会议", "市委副书记")
    assert await meetings.meetings_of(city.zhou, MeetingFilter()) == []


@pytest.mark.parametrize("kind", [ProofKind.ON_SITE_PROMOTION_MEETING, ProofKind.COMMISSION_MEETING])
async def test_m02_at2_a_fourth_kind_of_meeting_does_not_satisfy_the_month(city, kind):
    await held(city, kind=kind)
    assert await city.states("month_meeting") == {"office": ["open"], "county": ["open"]}


async def test_a_voided_meeting_counts_no_more(city):
    meeting, _ = await held(city)
    wrong = ask.VoidMeeting(version=meeting.version + 1, reason="登记错了")
    with pytest.raises(StaleItem):
        await meetings.void(meeting.id, wrong, by=city.duan, now=city.now)
    void = ask.VoidMeeting(version=meeting.version, reason="登记错了")
    with pytest.raises(NoSuchThing):
        await meetings.void(meeting.id, void, by=city.chen, now=city.now)
    await meetings.void(meeting.id, void, by=city.duan, now=city.now)
    assert (await city.states("month_meeting"))["county"] == ["open"]
    again = ask.VoidMeeting(version=meeting.version + 1, reason="登记错了")
    with pytest.raises(no.MeetingVoided):
        await meetings.void(meeting.id, again, by=city.duan, now=city.now)


async def test_only_what_was_held_is_recorded(city):
    with pytest.raises(no.MeetingInFuture):
        await held(city, held_on=date(2026, 11, 13))
    with pytest.raises(no.NotAMeeting):
        await held(city, kind=ProofKind.MONTH_REPORT)
    with pytest.raises(NoSuchThing):
        await held(city, chair_id=city.duan.person.id)
    with pytest.raises(no.NotYourUnit):
        await held(city, organisation_id=city.office.root.id)
    auditor = await city.office.actor(await city.office.enrol("老郑", Role.AUDITOR))
    with pytest.raises(NotAllowed):
        await held(city, by=auditor)


async def test_m01_at2_a_decision_opens_a_ledger_item_that_carries_the_meeting_and_the_other_way_round(city):
    meeting, _ = await held(
        city,
        by=city.chen,
        kind=ProofKind.ON_SITE_PROMOTION_MEETING,
        decisions=["打通企业开办数据接口", "压缩审批时限"],
    )
    first, second = await meetings.decisions_of(meeting)
    put = ask.PutDecision(decision_id=first.id, unit_id=city.office.bureau.id, days=10)
    with pytest.raises(NoSuchThing):
        await meetings.put_decision(meeting.id, put, by=city.zhou, now=city.now)
    item = await meetings.put_decision(meeting.id, put, by=city.chen, now=city.now)
    assert (item.origin_kind, item.origin_id) == ("meeting", meeting.id)
    assert (item.title, item.lead_unit_id) == ("打通企业开办数据接口", city.office.bureau.id)
    assert (await MeetingDecision.get(id=first.id)).item_id == item.id
    assert (await MeetingDecision.get(id=second.id)).item_id is None
    with pytest.raises(no.AlreadyOnLedger):
        await meetings.put_decision(meeting.id, put, by=city.chen, now=city.now)
    void = ask.VoidMeeting(
        version=(await meetings.meeting_seen_by(city.chen, meeting.id)).version, reason="错了"
    )
    with pytest.raises(no.MeetingHasItems):
        await meetings.void(meeting.id, void, by=city.chen, now=city.now)
    assert await LedgerItem.all().count() == 1


async def test_a_decision_of_a_county_is_not_put_onto_the_ledger_by_another_county(city):
    meeting, _ = await held(city, decisions=["打通数据接口"])
    far = await people.add_organisation(
        "外县改革办", code="far", kind=OrganisationKind.COUNTY_REFORM_OFFICE, by=None, series="外"
    )
    other = await city.office.actor(await city.office.enrol("外县老白", Role.OFFICE_STAFF, organisation=far))
    (decision,) = await meetings.decisions_of(meeting)
    put = ask.PutDecision(decision_id=decision.id, unit_id=city.office.bureau.id, days=10)
    with pytest.raises(NoSuchThing):
        await meetings.put_decision(meeting.id, put, by=other, now=city.now)


async def reported(city, **changes):
    told = {"month_on": DAY, "title": "十一月情况报告", "requests": ["跨区数据共享"]} | changes
    return await meetings.hand_in_report(ask.HandInReport(**told), by=city.duan, now=city.now)


async def test_m02_a_month_report_counts_for_its_month_and_is_registered_as_sent_to_the_region(city):
    report, _ = await reported(city)
    assert (await city.states("month_report"))["county"] == ["met"]
    assert report.month_on == date(2026, 11, 1)
    send = ask.SendReport(version=1, sent_to="自治区改革办", sent_on=DAY, sent_number="县改报〔2026〕11号")
    with pytest.raises(NoSuchThing):
        await meetings.send_report(report.id, send, by=city.luo, now=city.now)
    await meetings.send_report(report.id, send, by=city.duan, now=city.now)
    again = ask.SendReport(version=2, sent_to="自治区改革办", sent_on=DAY)
    with pytest.raises(no.SentBefore):
        await meetings.send_report(report.id, again, by=city.duan, now=city.now)
    assert len(await meetings.reports_of(city.luo, ReportFilter(is_sent=True))) == 1
    assert await meetings.reports_of(city.luo, ReportFilter(is_sent=False)) == []


async def test_m02_at4_a_report_about_a_past_month_is_late_for_that_month_and_not_for_this_one(city):
    city.at(date(2026, 12, 1))
    await city.open_day()
    await reported(city, month_on=date(2026, 11, 1))
    assert (await city.states("month_report"))["county"] == ["met_late", "open"]


async def test_a_report_about_a_coming_month_is_refused(city):
    with pytest.raises(no.NotYetThatMonth):
        await reported(city, month_on=date(2026, 12, 1))


@pytest.mark.parametrize("way", ["ledger", "words"])
async def test_what_needs_the_city_is_put_onto_the_ledger_or_answered_once(city, way):
    report, _ = await reported(city)
    (waiting,) = await meetings.requests_waiting(city.luo, RequestFilter(state=RequestToCity.WAITING))
    put = ask.PutRequest(version=1, unit_id=city.office.bureau.id, days=5)
    say = ask.AnswerRequest(version=1, answer="已协调市大数据局")
    if way == "ledger":
        item = await meetings.put_request(waiting.id, put, by=city.chen, now=city.now)
        assert (item.origin_kind, item.origin_id) == ("month_report", report.id)
    else:
        await meetings.answer_request(waiting.id, say, by=city.chen, now=city.now)
    found = await CoordinationRequest.get(id=waiting.id)
    assert found.state is (RequestToCity.ON_LEDGER if way == "ledger" else RequestToCity.ANSWERED)
    late = ask.AnswerRequest(version=2, answer="又答复一次")
    with pytest.raises(no.AlreadyAnswered):
        await meetings.answer_request(waiting.id, late, by=city.chen, now=city.now)
    assert await meetings.requests_waiting(city.luo, RequestFilter(state=RequestToCity.WAITING)) == []


async def test_meetings_and_reports_are_paged_without_loss_and_their_counters_equal_the_lists(city):
    for number in range(5):
        await held(city, title=f"第{number}次会议")
    found, after = [], None
    while True:
        by = MeetingFilter(limit=2, after=after)
        page = await meetings.meetings_of(city.luo, by)
        found += [one.id for one in page[:2]]
        if len(page) <= 2:
            break
        after = page[1].id
    assert (
        len(found)
        == len(set(found))
        == 5
        == await meetings.meetings_wanted(city.luo, MeetingFilter()).count()
    )


async def test_the_ledger_and_its_items_know_nothing_of_meetings(city):
    """An item that came of a meeting lives like every other."""
    meeting, _ = await held(city, by=city.chen, decisions=["压缩审批时限"])
    (decision,) = await meetings.decisions_of(meeting)
    put = ask.PutDecision(decision_id=decision.id, unit_id=city.office.bureau.id, days=10)
    item = await meetings.put_decision(meeting.id, put, by=city.chen, now=city.now)
    assert (await ledger.item_seen_by(city.luo, item.id)).number_text == item.number_text
    assert await Obligation.filter(rule_code="month_meeting").count() == 2
