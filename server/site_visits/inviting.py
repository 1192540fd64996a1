"""Who observes a visit, in which group, and from which stops their own role recuses them (VIS-08)."""

from datetime import date, datetime
from uuid import UUID, uuid4

from tortoise import connections
from tortoise.expressions import Q

from models import Duty, Person, SiteVisit, VisitObserver
from models.vocabulary import RecusalKind, VisitState
from server import journal, scoring
from server.kernel.clock import business_date
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.people import GRANTS, Actor, Permission
from server.scoring.refusals import UnknownGroup
from server.site_visits import board
from server.site_visits.fetching import visit_run_by
from server.site_visits.planning import rules_of
from server.site_visits.refusals import NotAnObserver, WrongVisitStep

# Stops whose task the person leads, answers for or supports, and stops of units that lead one of these tasks.
RELATED = """
SELECT s.id, CASE
    WHEN t.leading_official_id = $2
        OR EXISTS (SELECT FROM task_commissioner c WHERE c.reform_task_id = t.id AND c.person_id = $2)
        OR EXISTS (SELECT FROM task_supporting_unit u WHERE u.reform_task_id = t.id AND u.organisation_id IN (
            SELECT organisation_id FROM duty WHERE person_id = $2 AND (until_on IS NULL OR until_on >= $3)))
    THEN 'own_task'
    WHEN EXISTS (SELECT FROM reform_task o JOIN task_commissioner c ON c.reform_task_id = o.id
        WHERE o.is_current AND o.lead_unit_id = s.unit_id AND c.person_id = $2)
    THEN 'commissioner' END AS kind
FROM visit_stop s LEFT JOIN reform_task t ON t.id = s.task_id WHERE s.visit_id = $1
"""

KINDS = {one.value: one for one in RecusalKind}


@unit_of_work
async def invite_observer(
    visit_id: UUID, *, person_id: UUID, group: str, by: Actor, now: datetime
) -> VisitObserver:
    """Invite a person to observe, in a group of the rules; repeating it for the same group changes nothing.

    Raises NoSuchThing, UnknownGroup, NotAnObserver, WrongVisitStep; after the lock also the round's refusals.
    """
    visit = await _open_visit(by, visit_id)
    _check_group(visit, group)
    await _check_may_observe(person_id, on=business_date(now))
    existing = await VisitObserver.get_or_none(visit_id=visit.id, person_id=person_id)
    if existing and existing.group == group:
        return existing
    observer = existing or VisitObserver(id=uuid4(), visit=visit, person_id=person_id)
    observer.group = group
    await observer.save(force_create=existing is None)
    if visit.state is VisitState.PUBLISHED:  # the round refuses a person who is already in another group
        await assign(observer, by=by, now=now)
        await board.bump(visit.id)
    told = {"observer": observer.id, "group": group, "people": [person_id]}
    await journal.record("site_visit.observer_invited", visit, by=by.person, **told)
    return observer


@unit_of_work
async def uninvite_observer(visit_id: UUID, observer_id: UUID, *, by: Actor) -> None:
    """Remove a person from the list of a visit in preparation; raises NoSuchThing, WrongVisitStep."""
    visit = await _open_visit(by, visit_id)
    observer = await VisitObserver.get_or_none(id=observer_id, visit_id=visit.id)
    if observer is None:
        raise NoSuchThing
    if visit.state is not VisitState.DRAFT:
        raise WrongVisitStep(
            "已经发布，名单上的人不能去掉。", hint="他不到场就没有评分表；需要回避的，请在“人员”里登记回避。"
        )
    await observer.delete()
    await journal.record("site_visit.observer_uninvited", visit, by=by.person, observer=observer.id)


async def assign(observer: VisitObserver, *, by: Actor, now: datetime) -> None:
    """Let an observer of a published visit judge in its round, recused from stops of their own."""
    rows = await connections.get("default").execute_query_dict(
        RELATED, [observer.visit_id, observer.person_id, business_date(now)]
    )
    await scoring.assign_judge(
        observer.visit_id,
        person_id=observer.person_id,
        group=observer.group,
        by=by,
        now=now,
        recused=[(row["id"], KINDS[row["kind"]]) for row in rows if row["kind"]],
    )


async def may_observe(person_ids: list[UUID], *, on: date) -> set[UUID]:
    """Return those whose duties let them score on a day."""
    still = Q(until_on=None) | Q(until_on__gte=on)
    found = Duty.filter(still, person_id__in=person_ids, role__in=list(GRANTS[Permission.SCORE]))
    return {row["person_id"] for row in await found.values("person_id")}


async def invitable(visit_id: UUID, *, by: Actor, now: datetime) -> list[Person]:
    """Return the people who may observe a visit and are not invited yet, with their unit, by designation."""
    visit = await visit_run_by(by, visit_id)
    today = business_date(now)
    still = Q(duties__until_on=None) | Q(duties__until_on__gte=today)
    found = Person.filter(still, is_active=True, duties__role__in=list(GRANTS[Permission.SCORE]))
    invited = [row["person_id"] for row in await VisitObserver.filter(visit_id=visit.id).values("person_id")]
    return (
        await found.exclude(id__in=invited).distinct().order_by("designation").select_related("organisation")
    )


async def _open_visit(by: Actor, visit_id: UUID) -> SiteVisit:
    await visit_run_by(by, visit_id)
    visit = await SiteVisit.select_for_update().get(id=visit_id)
    if visit.state is VisitState.CANCELLED:
        raise WrongVisitStep(state=visit.state)
    return visit


def _check_group(visit: SiteVisit, group: str) -> None:
    if group not in {one.id for one in rules_of(visit).groups}:
        raise UnknownGroup


async def _check_may_observe(person_id: UUID, *, on: date) -> None:
    if not await Person.filter(id=person_id, is_active=True).exists():
        raise NoSuchThing
    if not await may_observe([person_id], on=on):
        raise NotAnObserver
