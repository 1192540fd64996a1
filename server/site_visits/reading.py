"""Reads visits: observers see theirs, the office its own, and results go to those who may read them."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from msgspec import Struct
from tortoise.expressions import Q, Subquery

from models import CheckIn, ScoreRound, SiteVisit, VisitObserver, VisitStop
from models.vocabulary import RoundState, Scope, VisitState
from server.kernel.refusal import NoSuchThing
from server.people import Actor, Permission, may
from server.people.reaching import within
from server.site_visits.fetching import visit_seen_by

SHOWN_TO_OBSERVERS = 50
SHOWN_AT_HOME = 3


async def visits_observed_by(actor: Actor, *, scene: str | None = None) -> list[SiteVisit]:
    """Return the published visits that the actor observes, latest first; or the one that a printed code leads to."""
    actor.reaches(Permission.SCORE)
    found = SiteVisit.filter(state=VisitState.PUBLISHED, observers__person_id=actor.person.id)
    if scene:
        found = found.filter(stops__scene=scene)
    return await found.order_by("-held_on", "id").select_related("organisation").limit(SHOWN_TO_OBSERVERS)


async def visits_of(actor: Actor, *, year: int | None = None) -> list[SiteVisit]:
    """Return the visits of the office, latest first."""
    found = SiteVisit.filter(within(actor, Permission.SEE_SCORING, "organisation"))
    if year:
        found = found.filter(held_on__gte=date(year, 1, 1), held_on__lte=date(year, 12, 31))
    return await found.order_by("-held_on", "id").select_related("organisation")


async def check_ins_of(visit_id: UUID, *, by: Actor) -> list[CheckIn]:
    """Return who was where, with observer, stop and who decided, for the office; doubtful check-ins first."""
    visit = await visit_seen_by(by, visit_id)
    found = CheckIn.filter(stop__visit_id=visit.id).select_related("observer__person", "stop", "decided_by")
    return sorted(await found, key=lambda one: (one.presence != "look", one.stop.position, one.received_at))


async def own_check_ins(observer: VisitObserver) -> dict[UUID, CheckIn]:
    """Return an observer's check-ins by stop."""
    return {one.stop_id: one for one in await CheckIn.filter(observer_id=observer.id)}


async def observers_of(visit_id: UUID, *, by: Actor) -> list[VisitObserver]:
    """Return the observers of a visit with their persons, for the office."""
    visit = await visit_seen_by(by, visit_id)
    return await VisitObserver.filter(visit_id=visit.id).select_related("person").order_by("group", "id")


class Year(Struct, frozen=True):
    """A year's visits and the matters they covered; the mechanism asks for two to three visits (M12)."""

    year: int
    visits: int
    matters: int

    @property
    def is_within(self) -> bool:
        return 2 <= self.matters <= 3

    @property
    def words(self) -> str:
        told = f"{self.year}年观摩{self.visits}次，评估重大事项{self.matters}项"
        return told if self.is_within else f"{told}，机制要求每年2～3项"


async def year_of(actor: Actor, year: int) -> Year:
    """Count the published visits, and the tasks their stops belong to."""
    visits = [one for one in await visits_of(actor, year=year) if one.state is VisitState.PUBLISHED]
    stops = VisitStop.filter(visit_id__in=[one.id for one in visits], task_id__not_isnull=True)
    matters = {row["task_id"] for row in await stops.values("task_id")}
    return Year(year, len(visits), len(matters))


async def result_seen_by(actor: Actor, visit_id: UUID) -> SiteVisit:
    """Return a visit whose result the actor may read: as observer, office or scored unit. Raises NoSuchThing."""
    is_mine = Q(observers__person_id=actor.person.id)
    if may(actor.duties, Permission.SEE_SCORING):
        is_mine |= within(actor, Permission.SEE_SCORING, "organisation")
    for duty in actor.duties:
        if duty.organisation_path and duty.scope is not Scope.OWN:
            is_mine |= Q(stops__unit_id=str(duty.organisation_id))
    found = await SiteVisit.filter(is_mine, id=visit_id, state=VisitState.PUBLISHED).first()
    if found is None:
        raise NoSuchThing
    return found


async def results_about(actor: Actor) -> list[SiteVisit]:
    """Return the visits with a published result in which the actor's own units were scored, latest first.

    Visits of their own office are left out: those stand in a list of their own. An office whose unit another office
    scored finds the result here.
    """
    own = [
        duty.organisation_id for duty in actor.duties if duty.organisation_id and duty.scope is not Scope.OWN
    ]
    if not own:
        return []
    published = ScoreRound.filter(state=RoundState.PUBLISHED)
    found = SiteVisit.filter(stops__unit_id__in=own, id__in=Subquery(published.values("id")))
    if may(actor.duties, Permission.SEE_SCORING):
        found = found.filter(~within(actor, Permission.SEE_SCORING, "organisation"))
    return await found.distinct().order_by("-held_on", "id").limit(SHOWN_AT_HOME)


async def rounds_of(visits: Sequence[SiteVisit]) -> dict[UUID, ScoreRound]:
    """Return the rounds of the published visits."""
    return {one.id: one for one in await ScoreRound.filter(id__in=[visit.id for visit in visits])}


def is_open(stop: VisitStop, *, now: datetime) -> bool:
    """Whether people can check in at a stop."""
    return stop.opens_at <= now <= stop.closes_at
