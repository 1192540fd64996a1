"""Obligations: opened once, met by any accepted proof, late when they are late, and reminded of while unmet."""

import asyncio
from datetime import date, timedelta

import pytest

from models import InboxMessage, JobRun, JournalEntry, Obligation, Proof, Reminder
from models.vocabulary import CadencePeriod as P
from models.vocabulary import ObligationState as S
from models.vocabulary import OrganisationKind, ProofKind, Role
from server import obligations, people, reminders
from server.kernel.refusal import NoSuchThing
from server.obligations import NewCadence, WithdrawProof
from server.obligations.periods import Span, span_of, spans_between, words_of
from server.obligations.refusals import (
    AlreadyWithdrawn,
    CadenceCodeTaken,
    CadenceNotUsable,
    NotOfThisPeriod,
    NotYourObligation,
    ProofNotAccepted,
    StaleCadence,
)
from server.obligations.standing import state_of
from server.packs import CadenceContent, CadenceEntry, open_pack
from server.people import NotAllowed
from tests.server.obligations.conftest import CADENCES, OF_OFFICE

NOVEMBER = date(2026, 11, 1)
END = date(2026, 11, 30)
MEETINGS = ["joint_meeting", "thematic_meeting", "on_site_working_meeting"]


@pytest.mark.parametrize(
    ("period", "day", "starts", "ends", "words"),
    [
        (P.MONTH, date(2026, 11, 1), date(2026, 11, 1), date(2026, 11, 30), "2026年11月"),
        (P.MONTH, date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31), "2026年12月"),
        (P.MONTH, date(2028, 2, 29), date(2028, 2, 1), date(2028, 2, 29), "2028年2月"),
        (P.QUARTER, date(2026, 3, 31), date(2026, 1, 1), date(2026, 3, 31), "2026年第一季度"),
        (P.QUARTER, date(2026, 10, 1), date(2026, 10, 1), date(2026, 12, 31), "2026年第四季度"),
        (P.YEAR, date(2026, 6, 15), date(2026, 1, 1), date(2026, 12, 31), "2026年"),
    ],
)
def test_a_day_lies_in_one_period(period, day, starts, ends, words):
    assert span_of(period, day) == Span(starts, ends)
    assert words_of(period, starts) == words


def test_periods_that_began_while_nobody_ran_are_not_lost():
    starts = [one.starts_on for one in spans_between(P.MONTH, date(2026, 10, 31), date(2027, 1, 1))]
    assert starts == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]
    assert [one.starts_on for one in spans_between(P.YEAR, date(2026, 5, 1), date(2026, 5, 2))] == [
        date(2026, 1, 1)
    ]


@pytest.mark.parametrize(
    ("in_time", "proofs", "today", "state"),
    [
        (0, 0, date(2026, 10, 31), S.OPEN),
        (0, 0, date(2026, 11, 1), S.DUE_SOON),
        (0, 0, date(2026, 12, 31), S.DUE_SOON),
        (0, 0, date(2027, 1, 1), S.UNMET),
        (1, 1, date(2026, 10, 31), S.MET),
        (2, 2, date(2027, 1, 1), S.MET),
        (3, 3, date(2026, 10, 31), S.ABOVE_RANGE),
        (0, 1, date(2027, 1, 1), S.MET_LATE),
        (1, 3, date(2027, 1, 1), S.ABOVE_RANGE),
    ],
)
def test_the_state_follows_from_proofs_and_the_day(in_time, proofs, today, state):
    owed = Obligation(soon_on=date(2026, 11, 1), due_on=date(2026, 12, 31), least=1, most=2)
    assert state_of(owed, in_time=in_time, proofs=proofs, today=today) is state


async def test_m01_at1_a_year_without_a_promotion_meeting_is_due_soon_then_met_then_above(city):
    rule = [one for one in CADENCES if one.code == "promotion_meeting"]
    own = [_of_the_office(one) for one in rule]
    await city.open_day(date(2026, 1, 1), own)
    assert await city.states("promotion_meeting") == {"office": ["open"]}
    city.at(date(2026, 11, 1))
    assert await city.states("promotion_meeting") == {"office": ["due_soon"]}
    found = ["met", "met", "above_range"]
    for number, state in enumerate(found, start=1):
        done = await city.hand_in(
            "promotion_meeting",
            ProofKind.ON_SITE_PROMOTION_MEETING,
            date(2026, 11, 1),
            by=city.chen,
            organisation=city.office.root,
            title=f"第{number}次现场推进会",
        )
        assert done.missing == []
        assert await city.states("promotion_meeting") == {"office": [state]}


async def test_m02_at1_on_the_first_each_rule_and_organisation_gets_one_under_two_schedulers(city):
    city.at(NOVEMBER, hour=0)
    counts = await asyncio.gather(*(city.open_day() for _ in range(2)))
    assert sorted(counts, key=str) == [5, None]  # two rules × two offices, research of one bureau
    assert await city.states("month_report") == {"office": ["open"], "county": ["open"]}
    assert await city.states("month_meeting") == {"office": ["open"], "county": ["open"]}
    assert (await JournalEntry.filter(event="job_run.obligations_opened").get()).detail["count"] == 5


async def test_m02_at2_any_of_the_three_kinds_of_meetings_counts_and_a_fourth_does_not(city):
    await city.open_day(NOVEMBER)
    with pytest.raises(ProofNotAccepted):
        await city.hand_in("month_meeting", ProofKind.ON_SITE_PROMOTION_MEETING, NOVEMBER)
    assert (await city.states("month_meeting"))["county"] == ["open"]
    for month, kind in zip((11, 12, 1), MEETINGS, strict=True):
        day = date(2027 if month == 1 else 2026, month, 1)
        await city.open_day(day) if month != 11 else None
        due_on = span_of(P.MONTH, day).due_on
        await city.hand_in("month_meeting", ProofKind(kind), day, due_on=due_on)
        found = await city.states("month_meeting", month=month)
        assert found["county"] == ["met"]
        assert found["office"] != ["met"]


async def test_m02_at3_only_the_unmet_are_reminded(city):
    """Three working days before the end of November 2026 is Wednesday the 25th."""
    city.at(NOVEMBER)
    await city.open_day(cadences=[one for one in OF_OFFICE if one.code == "month_report"])
    await city.hand_in(
        "month_report", ProofKind.MONTH_REPORT, NOVEMBER, by=city.chen, organisation=city.office.root
    )
    reminded = {}
    for day in (24, 25, 26):
        city.at(date(2026, 11, day), hour=9)
        await reminders.plan_day(city.today, city_pack="none", now=city.now)
        found = await Reminder.filter(told_at__gte=city.now - timedelta(minutes=1)).select_related("person")
        reminded[day] = [(one.person.designation, one.offset, one.number) for one in found]
    assert reminded == {24: [], 25: [("县办老段", -3, "2026年11月")], 26: []}
    message = await InboxMessage.get(person=city.duan.person)
    assert message.title == "2026年11月定期任务还剩3个工作日"
    assert (message.subject_kind, message.subject_id) == ("obligation", (await city.owed("month_report")).id)


async def test_a_reminder_ends_with_the_proof_in_the_same_transaction(city):
    await city.open_day(NOVEMBER)
    city.at(date(2026, 11, 25))
    await reminders.plan_day(city.today, city_pack="none", now=city.now)
    owed = await city.owed("month_report")
    assert await Reminder.filter(subject_id=owed.id, ended_at=None).count() == 1
    await city.hand_in("month_report", ProofKind.MONTH_REPORT, city.today)
    assert await Reminder.filter(subject_id=owed.id, ended_at=None).count() == 0
    assert await Reminder.filter(ended_at=None).exclude(subject_id=owed.id).count() > 0


async def test_m02_at4_late_proof_is_met_late_and_never_back_dated(city):
    await city.open_day(NOVEMBER)
    city.at(date(2026, 12, 1), hour=0)
    assert (await city.states("month_report"))["county"] == ["unmet"]
    done = await city.hand_in("month_report", ProofKind.MONTH_REPORT, date(2026, 11, 15))
    assert (await city.states("month_report", month=11))["county"] == ["met_late"]
    assert (done.proof.counts_on, done.proof.handed_in_on) == (date(2026, 11, 15), date(2026, 12, 1))


async def test_the_last_moment_of_the_last_day_is_in_time(city):
    await city.open_day(NOVEMBER)
    city.at(END, hour=23)
    await city.hand_in("month_report", ProofKind.MONTH_REPORT, END)
    assert (await city.states("month_report"))["county"] == ["met"]


@pytest.mark.parametrize("day", [date(2026, 10, 31), date(2026, 11, 21), date(2026, 12, 1)])
async def test_what_was_done_outside_the_period_or_tomorrow_is_refused(city, day):
    await city.open_day(NOVEMBER)
    city.at(date(2026, 11, 20))
    with pytest.raises(NotOfThisPeriod):
        await city.hand_in("month_report", ProofKind.MONTH_REPORT, day)
    assert await Proof.all().count() == 0


async def test_an_organisation_proves_only_what_it_did_itself(city):
    await city.open_day(NOVEMBER)
    with pytest.raises(NotYourObligation):
        await city.hand_in("month_report", ProofKind.MONTH_REPORT, NOVEMBER, by=city.luo)
    with pytest.raises(NoSuchThing):
        await city.hand_in("month_report", ProofKind.MONTH_REPORT, NOVEMBER, by=city.zhou)
    auditor = await city.office.actor(await city.office.enrol("老郑", Role.AUDITOR))
    with pytest.raises(NotAllowed):
        await city.hand_in("month_report", ProofKind.MONTH_REPORT, NOVEMBER, by=auditor)


async def test_m05_at1_the_research_rule_tells_met_and_unmet_for_each_department(city):
    other = await people.add_organisation(
        "市教育局", code="education", kind=OrganisationKind.RESPONSIBLE_UNIT, by=None, parent=city.office.root
    )
    await city.open_day(NOVEMBER)
    await city.hand_in(
        "research_topic", ProofKind.RESEARCH_TOPIC, NOVEMBER, by=city.zhou, organisation=city.office.bureau
    )
    city.at(date(2027, 1, 1))
    assert await city.states("research_topic", year=2026) == {"housing": ["met"], "education": ["unmet"]}
    assert await Obligation.filter(organisation_id=other.id).count() == 1


async def test_each_sees_its_own_and_the_office_what_lies_below(city):
    await city.open_day(NOVEMBER)
    assert set(await city.states()) == {"office", "county", "housing"}
    assert set(await city.states(by=city.duan)) == {"county"}
    assert set(await city.states(by=city.zhou)) == {"housing"}
    owed = await city.owed("month_report", city.office.root)
    with pytest.raises(NoSuchThing):
        await obligations.obligation_seen_by(city.duan, owed.id, today=city.today)


async def test_a_withdrawn_proof_counts_no_more_and_stays_readable(city):
    await city.open_day(NOVEMBER)
    done = await city.hand_in(
        "research_topic", ProofKind.RESEARCH_TOPIC, NOVEMBER, by=city.zhou, organisation=city.office.bureau
    )
    why = WithdrawProof(reason="交错了")
    with pytest.raises(NoSuchThing):
        await obligations.withdraw(done.proof.id, why, by=city.duan, now=city.now)
    await obligations.withdraw(done.proof.id, why, by=city.zhou, now=city.now)
    assert await city.states("research_topic") == {"housing": ["due_soon"]}
    assert [
        one.withdrawn_because
        for one in await obligations.proofs_of(await city.owed("research_topic", city.office.bureau))
    ] == ["交错了"]
    with pytest.raises(AlreadyWithdrawn):
        await obligations.withdraw(done.proof.id, why, by=city.zhou, now=city.now)


async def test_three_schedulers_over_two_years_open_each_obligation_once(city):
    """Every day of 2026 and 2027 by three schedulers at once; one whole month and the turn of the year are missed."""
    rules = [one for one in OF_OFFICE if one.period is not P.QUARTER]
    rules += [
        CadenceEntry(
            code="quarterly",
            name="季度检查",
            period=P.QUARTER,
            proofs=(ProofKind.DOCUMENT,),
            kinds=(OrganisationKind.REFORM_OFFICE,),
        )
    ]
    day, until = date(2026, 1, 1), date(2027, 12, 31)
    missed = {date(2026, 5, 1) + timedelta(days=n) for n in range(40)} | {
        date(2026, 12, 30) + timedelta(days=n) for n in range(5)
    }
    while day <= until:
        if day not in missed and (day.day < 3 or day.day > 27):
            city.at(day)
            await asyncio.gather(*(city.open_day(cadences=rules) for _ in range(3)))
        day += timedelta(days=1)
    found = await Obligation.all().values_list("rule_code", "organisation_id", "starts_on")
    assert len(found) == len(set(found))
    per_rule = {rule.code: [one for one in found if one[0] == rule.code] for rule in rules}
    assert {code: len(rows) for code, rows in per_rule.items()} == {
        "month_report": 2 * 24,
        "month_meeting": 2 * 24,
        "research_topic": 1 * 2,
        "quarterly": 1 * 8,
    }
    assert await JobRun.filter(job="open_obligations").count() > 100


SECOND_CITY = """
[names]
reform_office = "州委改革办"
[promises]
[quiet_hours]
[[organisations]]
code = "hub"
name = "第二城改革办"
short_name = "改革办"
kind = "reform_office"
series = "二"
[[organisations]]
code = "north"
name = "北区改革办"
short_name = "北区办"
kind = "county_reform_office"
parent = "hub"
[[cadences]]
code = "field_day"
name = "季度现场日"
kinds = ["county_reform_office"]
excluded = []
period = "quarter"
least = 2
most = 4
proofs = ["on_site_working_meeting", "document"]
soon_days = 20
measure = 2
"""
REST = "year = 2026\npeople = []\nreasons = []\nreminders = []\ntasks = []\n"


async def test_a_second_city_changes_names_cadences_and_organisations_without_code(city, tmp_path):
    (tmp_path / "second").mkdir()
    (tmp_path / "second/pack.toml").write_text(REST + SECOND_CITY, "utf-8")
    pack = open_pack("second", folder=tmp_path)
    assert len(SECOND_CITY.strip().splitlines()) <= 30
    await city.open_day(NOVEMBER, pack.cadences)
    owed = await Obligation.all().select_related("organisation")
    told = [(one.name, one.organisation.code, one.least, one.most, one.starts_on, one.due_on) for one in owed]
    assert told == [("季度现场日", "county", 2, 4, date(2026, 10, 1), date(2026, 12, 31))]
    for number in range(2):
        assert (await city.states("field_day"))["county"] == ["open"]
        await city.hand_in("field_day", ProofKind.DOCUMENT, NOVEMBER, title=f"第{number + 1}次现场日")
    assert (await city.states("field_day"))["county"] == ["met"]


CONTENT = CadenceContent(
    name="每季度调度",
    period=P.QUARTER,
    proofs=(ProofKind.DOCUMENT,),
    kinds=(OrganisationKind.COUNTY_REFORM_OFFICE,),
)


async def test_a_rule_of_the_office_opens_at_once_and_keeps_its_history(city):
    new = NewCadence(CONTENT, "市委要求")
    rule = await obligations.add_cadence("dispatching", new=new, cadences=CADENCES, by=city.luo, now=city.now)
    assert await city.states("dispatching") == {"county": ["open"]}
    twice = NewCadence(CadenceContent(**(_fields(CONTENT) | {"least": 2})), "改为两次")
    changed = await obligations.change_cadence(
        "dispatching", version=rule.version, new=twice, cadences=CADENCES, by=city.luo, now=city.now
    )
    assert (await city.owed("dispatching")).least == 1  # what has opened stays as it was asked
    await city.open_day(date(2026, 4, 1))
    assert (await city.owed("dispatching", due_on=date(2026, 6, 30))).least == 2
    history = await obligations.history_of("dispatching", CADENCES)
    assert [(one.version, one.content.least, one.why) for one in history] == [
        (2, 2, "改为两次"),
        (1, 1, "市委要求"),
    ]
    with pytest.raises(StaleCadence):
        await obligations.change_cadence(
            "dispatching", version=rule.version, new=new, cadences=CADENCES, by=city.luo, now=city.now
        )
    assert changed.version == 2


async def test_a_changed_rule_of_the_pack_keeps_the_packs_words_as_its_first_version(city):
    off = NewCadence(CadenceContent(**(_fields(CONTENT) | {"is_on": False})), "今年不做")
    await obligations.change_cadence(
        "month_report", version=1, new=off, cadences=CADENCES, by=city.luo, now=city.now
    )
    await city.open_day(NOVEMBER)
    assert await city.states("month_report") == {}
    history = await obligations.history_of("month_report", CADENCES)
    assert [(one.version, one.content.name, one.at is None) for one in history] == [
        (2, "每季度调度", False),
        (1, "每月情况报告", True),
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"least": 3, "most": 2}, "上限"),
        ({"kinds": ()}, "由谁"),
        ({"proofs": (ProofKind.DOCUMENT, ProofKind.DOCUMENT)}, "重复"),
        ({"organisations": ("nowhere",)}, "nowhere"),
    ],
)
async def test_a_rule_that_contradicts_itself_is_refused(city, changes, words):
    new = NewCadence(CadenceContent(**(_fields(CONTENT) | changes)), "试一试")
    with pytest.raises(CadenceNotUsable, match=words):
        await obligations.add_cadence("wrong", new=new, cadences=CADENCES, by=city.luo, now=city.now)


async def test_a_rule_is_kept_by_the_lead_and_under_a_free_code(city):
    new = NewCadence(CONTENT, "市委要求")
    with pytest.raises(NotAllowed):
        await obligations.add_cadence("mine", new=new, cadences=CADENCES, by=city.chen, now=city.now)
    for taken in ("month_report", "twice"):
        if taken == "twice":
            await obligations.add_cadence(taken, new=new, cadences=CADENCES, by=city.luo, now=city.now)
        with pytest.raises(CadenceCodeTaken):
            await obligations.add_cadence(taken, new=new, cadences=CADENCES, by=city.luo, now=city.now)


def _fields(content):
    return {name: getattr(content, name) for name in content.__struct_fields__}


def _of_the_office(entry):
    return CadenceEntry(**(_fields(entry) | {"organisations": ("office",)}))
