"""Preparing a visit: stops, rules, observers, copying last year's; published once and then frozen (VIS-01, VIS-08)."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from models import (
    AnnualTaskList,
    Recusal,
    ReformTask,
    ScoreEntry,
    ScoreJudge,
    ScoreRound,
    SiteVisit,
    VisitObserver,
    VisitStop,
)
from models.vocabulary import RecusalKind, Role, TaskListState, VisitState
from server import site_visits
from server.kernel.clock import SHANGHAI
from server.kernel.refusal import NoSuchThing
from server.scoring import Criterion
from server.scoring.refusals import NoReason
from server.site_visits.refusals import (
    BadStopWindow,
    NotAnObserver,
    SomebodyCheckedIn,
    VisitDayIsOver,
    VisitIncomplete,
    VisitMovedOn,
    WrongVisitStep,
)
from tests.server.site_visits.conftest import rules

OTHER = [Criterion("c1", "成效", Decimal(50)), Criterion("c2", "创新", Decimal(50))]


async def test_a_published_visit_is_a_round_of_the_same_id_with_its_stops_as_entries(visit):
    await visit.publish()
    found = await ScoreRound.get(id=visit.visit.id)
    entries = await ScoreEntry.filter(round_id=found.id).order_by("position")
    assert [one.id for one in entries] == [one.id for one in visit.stops]
    assert await ScoreJudge.filter(round_id=found.id).count() == 5
    assert (visit.visit.state, len(found.rule_digest)) == (VisitState.PUBLISHED, 64)


async def test_what_is_missing_is_named_all_at_once(visit):
    empty = await site_visits.create_visit(visit.plan(), [], by=visit.chen, now=visit.now, tools=visit.tools)
    with pytest.raises(VisitIncomplete) as refused:
        await site_visits.publish_visit(empty.id, version=1, by=visit.luo, now=visit.now, tools=visit.tools)
    assert refused.value.extra["faults"] == ["还没有点位", "还没有观察员"]
    assert await ScoreRound.all().count() == 0


async def test_a_visit_like_last_years_has_its_stops_rules_and_observers(visit):
    await visit.publish()
    next_year = visit.today + timedelta(days=365)
    copy = await site_visits.copy_visit(
        visit.visit.id, title="下一年观摩", held_on=next_year, by=visit.chen, now=visit.now, tools=visit.tools
    )
    stops = await VisitStop.filter(visit_id=copy.id).order_by("position")
    assert [one.name for one in stops] == [one.name for one in visit.stops]
    assert {one.opens_at.astimezone(SHANGHAI).date() for one in stops} == {next_year}
    assert stops[0].opens_at.astimezone(SHANGHAI).time() == time(9)
    assert not {one.scene for one in stops} & {one.scene for one in visit.stops}
    assert (copy.rules, copy.state) == (visit.visit.rules, VisitState.DRAFT)
    assert await VisitObserver.filter(visit_id=copy.id).count() == 5


async def test_two_who_change_the_same_draft_are_told(visit):
    await visit.draft()
    version = (await SiteVisit.get(id=visit.visit.id)).version
    changed = visit.plan(title="春季观摩", held_on=visit.today + timedelta(days=1))
    await site_visits.change_visit(visit.visit.id, changed, version=version, by=visit.chen, now=visit.now)
    with pytest.raises(VisitMovedOn):
        await site_visits.change_visit(visit.visit.id, changed, version=version, by=visit.luo, now=visit.now)
    stop = await VisitStop.filter(visit_id=visit.visit.id).first()
    assert stop.opens_at.astimezone(SHANGHAI).date() == changed.held_on


async def test_stops_are_put_into_another_order_and_taken_off(visit):
    await visit.draft()
    first, _, third = await VisitStop.filter(visit_id=visit.visit.id).order_by("position")
    await site_visits.order_stops(visit.visit.id, [third.id, first.id], version=1, by=visit.chen)
    left = await VisitStop.filter(visit_id=visit.visit.id).order_by("position")
    assert [(one.id, one.position) for one in left] == [(third.id, 1), (first.id, 2)]


async def test_a_stop_opens_before_it_closes_and_a_visit_is_not_held_yesterday(visit):
    wrong = [type(visit.stops_planned()[0])(name="一站", opens=time(10), closes=time(10))]
    told = {"by": visit.chen, "now": visit.now, "tools": visit.tools}
    with pytest.raises(BadStopWindow):
        await site_visits.create_visit(visit.plan(), wrong, **told)
    with pytest.raises(VisitDayIsOver):
        await site_visits.create_visit(visit.plan(held_on=visit.today - timedelta(days=1)), [], **told)
    assert await SiteVisit.all().count() == 0


async def test_another_office_neither_sees_nor_changes_a_visit(visit):
    await visit.publish()
    stranger = await visit.office.actor(
        await visit.office.enrol("局里的", Role.OFFICE_LEAD, organisation=visit.office.bureau)
    )
    with pytest.raises(NoSuchThing):
        await site_visits.visit_seen_by(stranger, visit.visit.id)
    with pytest.raises(NoSuchThing):
        await site_visits.cancel_visit(visit.visit.id, reason="不办了", by=stranger)


async def test_who_has_no_duty_to_score_is_not_invited(visit):
    await visit.draft()
    with pytest.raises(NotAnObserver):
        await visit.invite(await visit.office.enrol("群众甲", Role.CITIZEN))


async def test_rules_change_for_a_reason_until_somebody_has_checked_in(visit):
    await visit.publish()
    before = (await ScoreRound.get(id=visit.visit.id)).rule_digest
    with pytest.raises(NoReason):
        await site_visits.change_published_rules(
            visit.visit.id, rules(criteria=OTHER), reason=" ", by=visit.luo
        )
    await site_visits.change_published_rules(
        visit.visit.id, rules(criteria=OTHER), reason="权重写错", by=visit.luo
    )
    changed = await ScoreRound.get(id=visit.visit.id)
    assert (changed.rules_version, changed.rule_digest != before) == (2, True)
    await visit.present(0)
    with pytest.raises(SomebodyCheckedIn):
        await site_visits.change_published_rules(visit.visit.id, rules(), reason="再改", by=visit.luo)


async def test_a_published_visit_takes_no_other_stops(visit):
    await visit.publish()
    version = (await SiteVisit.get(id=visit.visit.id)).version
    with pytest.raises(WrongVisitStep):
        await site_visits.add_stop(
            visit.visit.id, visit.stops_planned()[0], version=version, by=visit.luo, tools=visit.tools
        )


async def test_observers_are_recused_from_their_unit_their_task_and_the_units_they_answer_for(visit):
    await visit.draft()
    year = visit.today.year
    office = visit.office
    task_list = await AnnualTaskList.create(
        year=year,
        version=1,
        state=TaskListState.PUBLISHED,
        digest="0" * 64,
        source_name="x",
        published_at=visit.now,
    )
    told = {"task_list": task_list, "year": year, "measure": 9, "due_on": date(year, 12, 31)}
    told |= {"lead_unit": office.bureau, "leading_official": visit.luo.person}
    led = await ReformTask.create(code=f"{year}-01", name="甲", **told)
    other = await ReformTask.create(code=f"{year}-02", name="乙", **told)
    await led.commissioners.add(visit.people[1])
    await other.commissioners.add(visit.people[2])
    stops = await VisitStop.filter(visit_id=visit.visit.id).order_by("position")
    await VisitStop.filter(id=stops[0].id).update(task_id=led.id)
    own = await office.enrol("局里的代表", Role.DEPUTY, organisation=office.bureau)
    await visit.invite(own, "deputies")
    await visit.publish_it()

    async def recusals(person):
        rows = await Recusal.filter(judge__person_id=person.id).select_related("entry")
        return {(one.entry.position, one.kind) for one in rows}

    assert await recusals(own) == {(2, RecusalKind.OWN_UNIT)}
    assert (1, RecusalKind.OWN_TASK) in await recusals(visit.people[1])
    assert (2, RecusalKind.COMMISSIONER) in await recusals(visit.people[2])
    assert await recusals(visit.people[0]) == set()


async def test_a_year_has_two_to_three_matters(visit):
    await visit.publish()
    year = await site_visits.year_of(visit.chen, visit.today.year)
    assert (year.visits, year.matters, year.is_within) == (1, 0, False)
    assert "机制要求每年2～3项" in year.words
