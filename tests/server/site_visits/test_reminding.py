"""Observers are invited, reminded before the visit and when a stop opens, and told of the result: each once."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from models import Duty, InboxMessage, Reminder, ScoreJudge, SiteVisit
from models.vocabulary import RecusalKind, Role, VisitState
from server import reminders, scoring
from server.kernel.calendars import calendar
from server.kernel.clock import SHANGHAI
from server.kernel.workdays import say
from server.reminders.planner import end_stale
from server.scoring import Criterion
from tests.conftest import until
from tests.server.site_visits.conftest import rules

INVITED, OPEN, RESULT = "邀请您参加观摩", "观摩点位已开放", "观摩结果已公布"


async def told(visit, title):
    """Return how often each observer was told of something, in their order."""
    rows = await InboxMessage.filter(title=title).values_list("person_id", flat=True)
    return [list(rows).count(one.id) for one in visit.people]


def at(visit, clock, *, days=0):
    return datetime.combine(visit.today + timedelta(days=days), clock, SHANGHAI)


async def heard(visit, title, wanted):
    async def so():
        return await told(visit, title) == wanted

    return await until(so)


async def test_who_is_on_the_list_is_invited_at_the_publication_and_who_comes_later_at_once(visit):
    await visit.publish()
    assert await heard(visit, INVITED, [1] * 5)
    late = await visit.office.enrol("评委5", Role.REFORM_OBSERVER)
    await visit.invite(late)

    async def told_late():
        return await InboxMessage.filter(person_id=late.id, title=INVITED).count() == 1

    assert await until(told_late)
    assert await told(visit, INVITED) == [1] * 5


async def plan(visit, day):
    """Run the morning's plan of a day; return how many reminders are new."""
    now = datetime.combine(day, time(8), SHANGHAI)
    return await reminders.plan_day(day, city_pack="yinchuan", now=now)


async def test_on_the_working_day_before_each_is_reminded_once(visit):
    known = await calendar()
    held_on = known.due(visit.today, 2).on
    await visit.publish(held_on=held_on)
    published = visit.visit.id
    await visit.draft(held_on=held_on)
    before = known.due(visit.today, 1).on
    assert await plan(visit, visit.today) == 0
    week = await reminders.week_ahead(visit.today, city_pack="yinchuan")
    assert [(one.day, len(one.planned)) for one in week if one.planned] == [
        (before, 5),
        (held_on, 3 * 5),
    ], "each before the visit, and at each of three stops"
    assert await plan(visit, before) == 5
    assert await plan(visit, before) is None
    title = f"{say(held_on)}有观摩"
    assert await told(visit, title) == [1] * 5
    (one, *_) = await InboxMessage.filter(title=title)
    assert (one.subject_kind, one.subject_id) == ("site_visit", published)
    assert await plan(visit, held_on) == 0


async def opening(visit, clock):
    """Look for stops that have just opened; return how many reminders are new."""
    return await reminders.remind_of_moments(city_pack="yinchuan", now=at(visit, clock))


async def test_when_a_stop_opens_everybody_hears_of_it_once_but_who_is_recused(visit):
    await visit.publish()
    judges = {one.person_id: one.id for one in await ScoreJudge.all()}
    for stop in visit.stops[1:]:  # they open later
        await type(stop).filter(id=stop.id).update(opens_at=at(visit, time(15)))
    await scoring.recuse(
        visit.visit.id,
        judge_id=judges[visit.people[4].id],
        entry_id=visit.stops[0].id,
        kind=RecusalKind.DECLARED,
        reason="亲属",
        by=visit.luo,
    )
    assert await opening(visit, time(8, 59, 59)) == 0
    assert await opening(visit, time(9)) == 4
    assert await opening(visit, time(9, 2)) == 0
    assert await told(visit, OPEN) == [1, 1, 1, 1, 0]
    assert await plan(visit, visit.today) == 0, "the morning's plan leaves moments alone"
    assert await opening(visit, time(15, 30)) == 0  # too late to help
    assert await opening(visit, time(15, 29, 59)) == 10
    assert await told(visit, OPEN) == [3, 3, 3, 3, 2]


async def test_a_visit_that_is_annulled_is_reminded_of_no_more(visit):
    await visit.publish()
    assert await opening(visit, time(9)) == 15
    await SiteVisit.filter(id=visit.visit.id).update(state=VisitState.CANCELLED)
    await end_stale(now=at(visit, time(8), days=1))
    assert not await Reminder.filter(ended_at=None).exists()
    assert await told(visit, OPEN) == [0] * 5


async def test_observers_hear_of_the_result_with_the_fingerprint(visit):
    await visit.publish()
    await visit.present(0)
    await visit.score(0)
    await visit.lock()
    sealed = await visit.seal()
    await scoring.publish_result(visit.visit.id, by=visit.luo, now=visit.now)
    assert await heard(visit, RESULT, [1] * 5)
    bodies = {one.person_id: one.body for one in await InboxMessage.filter(title=RESULT)}
    assert all(sealed.fingerprint in body for body in bodies.values())
    assert "您的 1 张评分表" not in bodies[visit.people[1].id]


async def test_the_scored_units_are_told_where_their_sheet_is_and_observers_that_their_ballots_count(visit):
    enrol, bureau = visit.office.enrol, visit.office.bureau
    contact = await enrol("老周", Role.DEPARTMENT_CONTACT, organisation=bureau)
    leader = await enrol("祁局长", Role.LEADING_OFFICIAL, organisation=bureau)
    elsewhere = await enrol("别处的", Role.DEPARTMENT_CONTACT)
    former = await enrol("前联络员", Role.DEPARTMENT_CONTACT, organisation=bureau)
    before = visit.today - timedelta(
        days=2
    )  # the journal has the database's day, which is a day behind noon here
    await Duty.filter(person_id__in=[contact.id, leader.id, elsewhere.id]).update(since_on=before)
    await Duty.filter(person_id=former.id).update(since_on=before, until_on=before)
    await visit.publish()
    for n, stops in ((0, 3), (1, 1)):
        for stop in range(stops):
            await visit.present(n, stop)
            await visit.score(n, stop)
    await visit.lock()
    await visit.seal()
    await scoring.publish_result(visit.visit.id, by=visit.luo, now=visit.now)

    assert await heard(visit, RESULT, [1] * 5)
    bodies = dict(await InboxMessage.filter(title=RESULT).values_list("person_id", "body"))
    assert "您的 3 张评分表均已计入" in bodies[visit.people[0].id]
    assert "您的评分表计入 0 张，不计入 1 张" in bodies[visit.people[1].id]
    assert "评分表" not in bodies[visit.people[2].id]
    to_units = await InboxMessage.filter(title="观摩评议结果已公布")
    assert {one.person_id for one in to_units} == {contact.id, leader.id}
    assert {one.subject_kind for one in to_units} == {"visit_result"}
    assert "贵单位“第2站”的名次、得分和计分单" in to_units[0].body
    assert not [one for one in visit.people if one.designation in to_units[0].body]
    assert not await InboxMessage.filter(person_id__in=[elsewhere.id, former.id]).exists()

    corrected = rules(criteria=[Criterion("c1", "成效", Decimal(40)), Criterion("c2", "创新", Decimal(60))])
    told = {"note": "权重写反了", "by": visit.luo, "now": visit.now}
    asked = await scoring.ask_correction(visit.visit.id, corrected, **told)
    await scoring.confirm(visit.visit.id, asked.id, by=visit.chen, now=visit.now)
    assert await heard(visit, "观摩结果已更正", [1] * 5)
    again = await InboxMessage.filter(title="观摩评议结果已更正")
    assert {one.person_id for one in again} == {contact.id, leader.id}
    assert "权重写反了" in again[0].body
