"""Plans a visit: its day, its stops with windows and fences, its rules; from scratch or as a copy (VIS-01)."""

from datetime import date, datetime, time
from typing import Annotated, Any
from uuid import UUID, uuid4

import msgspec
from msgspec import Meta, Struct

from models import Organisation, ReformTask, SiteVisit, VisitBoard, VisitObserver, VisitStop
from models.vocabulary import Datum, VisitState
from server import journal
from server.kernel.clock import SHANGHAI, business_date
from server.kernel.places import Position, to_wgs84
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor
from server.scoring import Rules
from server.scoring.publishing_rules import organiser_of
from server.site_visits.codes import new_key, new_scene
from server.site_visits.fetching import draft_run_by, stop_in, stops_of, visit_run_by, visit_seen_by
from server.site_visits.refusals import BadStopWindow, NoSuchUnit, VisitDayIsOver, WrongVisitStep
from server.tools import Tools

Title = Annotated[str, Meta(min_length=2, max_length=80)]
MOST_STOPS = 30


class StopPlace(Struct, frozen=True, forbid_unknown_fields=True):
    """Degrees with their datum."""

    latitude: Annotated[float, Meta(ge=-90, le=90)]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    datum: Datum


class PlannedStop(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A stop as the office plans it; times are those of Asia/Shanghai on the day of the visit."""

    name: Title
    opens: time
    closes: time
    place_name: Annotated[str, Meta(max_length=120)] = ""
    place: StopPlace | None = None
    fence_m: Annotated[int, Meta(ge=20, le=5000)] = 200
    unit_id: UUID | None = None
    task_id: UUID | None = None
    is_mandatory: bool = True


class PlannedVisit(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A visit as the office plans it; rules may still have faults, which `scoring.faults_of` names."""

    title: Title
    held_on: date
    rules: Rules
    needs_check_in: bool = True
    least_dwell_min: Annotated[int, Meta(ge=0, le=240)] = 10
    locks_at: datetime | None = None


@unit_of_work
async def create_visit(
    plan: PlannedVisit, stops: list[PlannedStop], *, by: Actor, now: datetime, tools: Tools
) -> SiteVisit:
    """Create a draft visit of the actor's own organisation; raises VisitDayIsOver, BadStopWindow, NoSuchUnit."""
    visit = await _create(plan, by=by, now=now)
    for position, stop in enumerate(stops, start=1):
        await _add(visit, stop, position=position, tools=tools)
    await journal.record("site_visit.planned", visit, by=by.person, title=visit.title, stops=len(stops))
    return visit


@unit_of_work
async def copy_visit(
    visit_id: UUID, *, title: str, held_on: date, by: Actor, now: datetime, tools: Tools
) -> SiteVisit:
    """Prepare a visit like another: its rules, stops at the same times of day, and observers who still serve."""
    model = await visit_seen_by(by, visit_id)
    plan = PlannedVisit(
        title=title,
        held_on=held_on,
        rules=rules_of(model),
        needs_check_in=model.needs_check_in,
        least_dwell_min=model.least_dwell_min,
    )
    visit = await _create(plan, by=by, now=now, copied_from_id=model.id)
    for stop in await stops_of(model.id):
        await _add(visit, _planned(stop), position=stop.position, tools=tools)
    observers = await VisitObserver.filter(visit_id=model.id, person__is_active=True)
    await VisitObserver.bulk_create(
        VisitObserver(visit_id=visit.id, person_id=one.person_id, group=one.group) for one in observers
    )
    told = {"title": visit.title, "from_title": model.title, "observers": len(observers)}
    await journal.record("site_visit.copied", visit, by=by.person, copied_from=model.id, **told)
    return visit


@unit_of_work
async def change_visit(
    visit_id: UUID, plan: PlannedVisit, *, version: int, by: Actor, now: datetime
) -> SiteVisit:
    """Change a visit in preparation; a new day also moves the windows of its stops.

    Raises VisitMovedOn, WrongVisitStep, VisitDayIsOver.
    """
    visit = await draft_run_by(by, visit_id, version=version)
    _check_day(plan.held_on, now=now)
    moved = plan.held_on - visit.held_on
    for name, value in _columns(plan).items():
        setattr(visit, name, value)
    await visit.save()
    for stop in await VisitStop.filter(visit_id=visit.id) if moved else []:
        stop.opens_at, stop.closes_at = stop.opens_at + moved, stop.closes_at + moved
        await stop.save(update_fields=["opens_at", "closes_at"])
    await journal.record("site_visit.changed", visit, by=by.person, title=visit.title)
    return visit


@unit_of_work
async def add_stop(visit_id: UUID, stop: PlannedStop, *, version: int, by: Actor, tools: Tools) -> VisitStop:
    """Add a stop at the end of the route; raises VisitMovedOn, WrongVisitStep, BadStopWindow, NoSuchUnit."""
    visit = await draft_run_by(by, visit_id, version=version)
    count = await VisitStop.filter(visit_id=visit.id).count()
    if count >= MOST_STOPS:
        raise WrongVisitStep(f"一次观摩最多{MOST_STOPS}个点位。", hint="请分成两次观摩。")
    added = await _add(visit, stop, position=count + 1, tools=tools)
    await journal.record("site_visit.stop_added", visit, by=by.person, stop=added.id, name=added.name)
    return added


@unit_of_work
async def change_stop(
    visit_id: UUID, stop_id: UUID, stop: PlannedStop, *, version: int, by: Actor
) -> VisitStop:
    """Change a stop of a visit in preparation; its printed code stays."""
    visit = await draft_run_by(by, visit_id, version=version)
    found = await stop_in(visit.id, stop_id)
    for name, value in (await _stop_columns(visit, stop)).items():
        setattr(found, name, value)
    await found.save()
    await journal.record("site_visit.stop_changed", visit, by=by.person, stop=found.id, name=found.name)
    return found


@unit_of_work
async def order_stops(visit_id: UUID, stop_ids: list[UUID], *, version: int, by: Actor) -> SiteVisit:
    """Put the stops of a visit in preparation into this order; stops that are not named are removed."""
    visit = await draft_run_by(by, visit_id, version=version)
    stops = {one.id: one for one in await VisitStop.filter(visit_id=visit.id)}
    if len(set(stop_ids)) < len(stop_ids) or not set(stop_ids) <= set(stops):
        raise NoSuchThing
    await VisitStop.filter(visit_id=visit.id).exclude(id__in=stop_ids).delete()
    for turn in (-1, 1):  # positions stay unique at every moment
        for position, stop_id in enumerate(stop_ids, start=1):
            await VisitStop.filter(id=stop_id).update(position=turn * position)
    await journal.record("site_visit.stops_ordered", visit, by=by.person, stops=len(stop_ids))
    return visit


@unit_of_work
async def cancel_visit(visit_id: UUID, *, reason: str, by: Actor) -> SiteVisit:
    """Cancel a visit in preparation; a published round must first be annulled by two persons."""
    await visit_run_by(by, visit_id)
    visit = await SiteVisit.select_for_update().get(id=visit_id)
    if visit.state is not VisitState.DRAFT:
        raise WrongVisitStep(state=visit.state)
    visit.state, visit.version = VisitState.CANCELLED, visit.version + 1
    await visit.save(update_fields=["state", "version"])
    await journal.record("site_visit.cancelled", visit, by=by.person, reason=reason)
    return visit


def rules_of(visit: SiteVisit) -> Rules:
    """Return the planned rules; the published ones are in the round."""
    return msgspec.convert(visit.rules, Rules)


async def _create(plan: PlannedVisit, *, by: Actor, now: datetime, **more: Any) -> SiteVisit:
    _check_day(plan.held_on, now=now)
    organisation = await organiser_of(by)
    visit = await SiteVisit.create(
        id=uuid4(),
        organisation=organisation,
        state=VisitState.DRAFT,
        planned_by=by.person,
        planned_at=now,
        **_columns(plan),
        **more,
    )
    await VisitBoard.create(visit=visit)
    return visit


def _check_day(held_on: date, *, now: datetime) -> None:
    if held_on < business_date(now):
        raise VisitDayIsOver


def _columns(plan: PlannedVisit) -> dict[str, Any]:
    return {
        "title": plan.title,
        "held_on": plan.held_on,
        "rules": msgspec.to_builtins(plan.rules),
        "needs_check_in": plan.needs_check_in,
        "least_dwell_min": plan.least_dwell_min,
        "locks_at": plan.locks_at,
    }


async def _add(visit: SiteVisit, stop: PlannedStop, *, position: int, tools: Tools) -> VisitStop:
    stop_id = uuid4()
    return await VisitStop.create(
        id=stop_id,
        visit=visit,
        position=position,
        scene=new_scene(),
        key_sealed=tools.keys.seal(new_key(), bound_to=f"visit_stop:{stop_id}:key"),
        **await _stop_columns(visit, stop),
    )


async def _stop_columns(visit: SiteVisit, stop: PlannedStop) -> dict[str, Any]:
    opens_at, closes_at = (
        datetime.combine(visit.held_on, one, SHANGHAI) for one in (stop.opens, stop.closes)
    )
    if opens_at >= closes_at:
        raise BadStopWindow
    if stop.unit_id and not await Organisation.filter(id=stop.unit_id, closed_on=None).exists():
        raise NoSuchUnit
    if stop.task_id and not await ReformTask.filter(id=stop.task_id).exists():
        raise NoSuchUnit
    place = stop.place
    here = to_wgs84(Position(place.latitude, place.longitude, place.datum)) if place else None
    return {
        "name": stop.name,
        "place_name": stop.place_name,
        "wgs_latitude": here.latitude if here else None,
        "wgs_longitude": here.longitude if here else None,
        "fence_m": stop.fence_m,
        "unit_id": stop.unit_id,
        "task_id": stop.task_id,
        "is_mandatory": stop.is_mandatory,
        "opens_at": opens_at,
        "closes_at": closes_at,
    }


def _planned(stop: VisitStop) -> PlannedStop:
    place = None
    if stop.wgs_latitude is not None and stop.wgs_longitude is not None:
        place = StopPlace(stop.wgs_latitude, stop.wgs_longitude, Datum.WGS84)
    return PlannedStop(
        name=stop.name,
        opens=stop.opens_at.astimezone(SHANGHAI).time(),
        closes=stop.closes_at.astimezone(SHANGHAI).time(),
        place_name=stop.place_name,
        place=place,
        fence_m=stop.fence_m,
        unit_id=None if stop.unit and stop.unit.closed_on else stop.unit_id,
        task_id=None,  # belongs to another year
        is_mandatory=stop.is_mandatory,
    )
