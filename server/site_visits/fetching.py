"""Fetches visits: staff get those of their organisation, observers those they were invited to, others none."""

from collections.abc import Sequence
from uuid import UUID

from models import SiteVisit, VisitObserver, VisitStop
from models.vocabulary import VisitState
from server.kernel.refusal import NoSuchThing
from server.people import Actor, Permission
from server.people.reaching import within
from server.site_visits.refusals import VisitMovedOn, WrongVisitStep


async def visit_run_by(by: Actor, visit_id: UUID) -> SiteVisit:
    """Return a visit that the actor organises; raises NoSuchThing."""
    return await _visit(visit_id, by=by, permission=Permission.RUN_SCORING)


async def visit_seen_by(by: Actor, visit_id: UUID) -> SiteVisit:
    """Return a visit that the actor may see as office staff; raises NoSuchThing."""
    return await _visit(visit_id, by=by, permission=Permission.SEE_SCORING)


async def draft_run_by(by: Actor, visit_id: UUID, *, version: int) -> SiteVisit:
    """Return a visit in preparation, locked, at the actor's version, which is now increased by one.

    Raises NoSuchThing, VisitMovedOn, WrongVisitStep.
    """
    await visit_run_by(by, visit_id)
    visit = await SiteVisit.select_for_update().get(id=visit_id)
    if visit.version != version:
        raise VisitMovedOn(version=visit.version)
    if visit.state is not VisitState.DRAFT:
        raise WrongVisitStep(state=visit.state)
    visit.version += 1
    await visit.save(update_fields=["version"])
    return visit


async def observer_in(by: Actor, visit_id: UUID) -> VisitObserver:
    """Return the actor as an observer of a published visit, with the visit; raises NoSuchThing."""
    by.reaches(Permission.SCORE)
    found = VisitObserver.filter(visit_id=visit_id, person_id=by.person.id, visit__state=VisitState.PUBLISHED)
    observer = await found.select_related("visit").first()
    if observer is None:
        raise NoSuchThing
    return observer


async def stop_in(visit_id: UUID, stop_id: UUID) -> VisitStop:
    """Return a stop of an already fetched visit; raises NoSuchThing."""
    stop = await VisitStop.get_or_none(id=stop_id, visit_id=visit_id)
    if stop is None:
        raise NoSuchThing
    return stop


async def stops_of(visit_id: UUID) -> list[VisitStop]:
    """Return the stops in order, with unit and task."""
    return await VisitStop.filter(visit_id=visit_id).order_by("position").select_related("unit", "task")


async def stops_of_each(visits: Sequence[SiteVisit]) -> dict[UUID, list[VisitStop]]:
    """Return the stops of each visit in order, with a single query for all."""
    found: dict[UUID, list[VisitStop]] = {one.id: [] for one in visits}
    for stop in await VisitStop.filter(visit_id__in=list(found)).order_by("position"):
        found[stop.visit_id].append(stop)
    return found


async def _visit(visit_id: UUID, *, by: Actor, permission: Permission) -> SiteVisit:
    found = await SiteVisit.get_or_none(within(by, permission, "organisation"), id=visit_id)
    if found is None:
        raise NoSuchThing
    return found
