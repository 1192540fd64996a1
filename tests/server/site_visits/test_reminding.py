"""Observers are invited, reminded the day before and when a stop opens, and told of the result: each once."""

from datetime import datetime, time, timedelta

from models import InboxMessage, ScoreJudge
from models.vocabulary import RecusalKind, Role
from server import scoring, site_visits
from server.kernel.clock import SHANGHAI
from tests.conftest import until

INVITED, TOMORROW, OPEN, RESULT = "邀请您参加观摩", "明天有观摩", "观摩点位已开放", "观摩结果已公布"


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


async def test_the_day_before_each_is_reminded_once_and_not_before_nine(visit):
    await visit.publish(held_on=visit.today + timedelta(days=1))
    assert await site_visits.remind_observers(now=at(visit, time(8, 59))) == 0
    assert await site_visits.remind_observers(now=at(visit, time(9))) == 1
    assert await site_visits.remind_observers(now=at(visit, time(9, 2))) == 0
    assert await heard(visit, TOMORROW, [1] * 5)
    (one, *_) = await InboxMessage.filter(title=TOMORROW)
    assert (one.subject_kind, one.subject_id) == ("site_visit", visit.visit.id)


async def test_two_days_before_nobody_is_reminded_nor_of_a_visit_that_is_not_published(visit):
    await visit.publish(held_on=visit.today + timedelta(days=2))
    assert await site_visits.remind_observers(now=at(visit, time(12))) == 0
    assert await site_visits.remind_observers(now=at(visit, time(12), days=1)) == 1
    await visit.draft(held_on=visit.today + timedelta(days=5))
    assert await site_visits.remind_observers(now=at(visit, time(12), days=4)) == 0


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
    assert await site_visits.remind_observers(now=at(visit, time(8, 59, 59))) == 0
    assert await site_visits.remind_observers(now=at(visit, time(9))) == 1
    assert await site_visits.remind_observers(now=at(visit, time(9, 2))) == 0
    assert await heard(visit, OPEN, [1, 1, 1, 1, 0])
    assert await site_visits.remind_observers(now=at(visit, time(15, 30))) == 0  # too late to help
    assert await site_visits.remind_observers(now=at(visit, time(15, 29, 59))) == 2
    assert await heard(visit, OPEN, [3, 3, 3, 3, 2])


async def test_observers_hear_of_the_result_with_the_fingerprint(visit):
    await visit.publish()
    await visit.present(0)
    await visit.score(0)
    await visit.lock()
    sealed = await visit.seal()
    await scoring.publish_result(visit.visit.id, by=visit.luo, now=visit.now)
    assert await heard(visit, RESULT, [1] * 5)
    (one, *_) = await InboxMessage.filter(title=RESULT)
    assert sealed.fingerprint in one.body
