"""Checking in at a stop: by its screen's code, in time, inside the fence; weaker evidence goes to a person (VIS-03)."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID, uuid4

from msgspec import Meta, Struct
from tortoise import connections

from models import CheckIn, ScoreJudge, ScoreRound, SiteVisit, VisitObserver, VisitStop
from models.vocabulary import Datum, Doubt, Presence, SignalKind
from server import journal, scoring
from server.kernel.places import Position, to_wgs84
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor
from server.scoring.states import BEFORE_SEAL
from server.site_visits import board, movements
from server.site_visits.codes import is_right, step_of
from server.site_visits.fetching import observer_in, stop_in
from server.site_visits.planning import StopPlace
from server.site_visits.presence import Claim, Judged, Site, judge
from server.site_visits.refusals import (
    AlreadyCheckedIn,
    ScreenCodeUsed,
    WrongScreenCode,
    WrongStop,
    WrongVisitStep,
)
from server.site_visits.screens import screen_keys
from server.tools import Tools

USE = """
INSERT INTO used_code (id, stop_id, observer_id, step) VALUES (gen_random_uuid(), $1, $2, $3)
ON CONFLICT (stop_id, observer_id, step) DO NOTHING RETURNING id
"""
ALONE_WITH_DEVICE = "SELECT pg_advisory_xact_lock(hashtextextended($1, 13))"


class PhonePlace(StopPlace, frozen=True, forbid_unknown_fields=True):
    """Where the phone reports to be; degrees with their datum, accuracy in metres."""

    accuracy_m: Annotated[float, Meta(ge=0, le=100_000)] | None = None


class GivenCheckIn(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A check-in as a phone sends it; `client_id` identifies it, so that it can be sent again."""

    client_id: UUID
    claimed_at: datetime
    code: Annotated[str, Meta(pattern=r"^[0-9]{1,12}\.[0-9a-f]{32}$")] | None = None
    scene: Annotated[str, Meta(max_length=32)] | None = None
    place: PhonePlace | None = None


class CheckedIn(Struct, frozen=True):
    """A check-in, and its stop."""

    check_in: CheckIn
    stop: VisitStop
    of: int


@unit_of_work
async def check_in(
    visit_id: UUID,
    stop_id: UUID,
    given: GivenCheckIn,
    *,
    by: Actor,
    now: datetime,
    tools: Tools,
    device: str = "",
) -> CheckedIn:
    """Check an observer in; repeating it changes nothing, and a check-in without doubts replaces a doubtful one.

    Raises NoSuchThing, WrongStop, AlreadyCheckedIn, WrongScreenCode, ScreenCodeUsed, StopNotOpen, ScreenCodeExpired,
    WrongVisitStep.
    """
    observer = await observer_in(by, visit_id)
    stop = await stop_in(visit_id, stop_id)
    if given.scene and given.scene != stop.scene:
        raise WrongStop
    await VisitObserver.select_for_update().get(id=observer.id)  # one check-in of the observer at a time
    existing = await CheckIn.get_or_none(stop_id=stop.id, observer_id=observer.id)
    if existing and existing.client_id == given.client_id:
        return await _checked_in(existing, stop)
    if existing and existing.presence is not Presence.LOOK:
        raise AlreadyCheckedIn
    await _check_round(visit_id)
    if given.code:
        await _use_code(given.code, stop, observer, client_id=given.client_id, tools=tools)
    mark = tools.keys.lookup(f"{visit_id} {device}", kind="check_in_device") if device else ""
    others = await _others_with(mark, observer)
    judged = judge(_claim(given), site_of(stop), now=now, is_used_device=bool(others))
    if existing and judged.doubts:
        raise AlreadyCheckedIn(
            "您的签到已记下，正等工作人员确认。", hint="请直接打分，并请工作人员确认签到。"
        )
    kept = await _keep(existing, stop, observer, given, judged, mark=mark, now=now)
    await flag_odd(observer.visit, observer, others=others)
    await board.bump(visit_id)
    told = {"way": kept.way, "presence": kept.presence, "doubts": judged.doubts, "name": stop.name}
    await journal.record("site_visit.checked_in", observer.visit, by=by.person, check_in=kept.id, **told)
    return await _checked_in(kept, stop)


def site_of(stop: VisitStop) -> Site:
    """Return where and when a stop is."""
    return Site(stop.opens_at, stop.closes_at, position_of(stop), stop.fence_m)


def position_of(stop: VisitStop) -> Position | None:
    """Return where a stop is, if that is known."""
    if stop.wgs_latitude is None or stop.wgs_longitude is None:
        return None
    return Position(stop.wgs_latitude, stop.wgs_longitude, Datum.WGS84)


async def flag_odd(visit: SiteVisit, observer: VisitObserver, *, others: set[UUID] | None = None) -> None:
    """Signal phones that two people used and impossible movements; called inside the unit of work of a check-in."""
    at = (
        await CheckIn.filter(observer_id=observer.id)
        .exclude(presence=Presence.REJECTED)
        .select_related("stop")
    )
    visited = [movements.Visited(one.was_at, position_of(one.stop), one.stop.fence_m) for one in at]
    found = movements.signals_of(visited, least_dwell=timedelta(minutes=visit.least_dwell_min))
    for kind, count in found.items():
        await flag(visit.id, observer.person_id, kind, count=count)
    if others:
        people = await VisitObserver.filter(id__in=[*others, observer.id])
        for one in people:
            await flag(visit.id, one.person_id, SignalKind.SAME_DEVICE, count=len(people))


async def flag(visit_id: UUID, person_id: UUID, kind: SignalKind, *, count: int) -> None:
    """Signal something about an observer, in the round where they judge."""
    judge_ = await ScoreJudge.get(round_id=visit_id, person_id=person_id)
    await scoring.flag(visit_id, judge_id=judge_.id, kind=kind, count=count)


async def _check_round(visit_id: UUID) -> None:
    """Check that the round is not sealed: afterwards presence can't change."""
    state = (await ScoreRound.get(id=visit_id)).state
    if state not in BEFORE_SEAL:
        raise WrongVisitStep("这次观摩的评分已经密封，不能再签到。", state=state)


async def _use_code(
    code: str, stop: VisitStop, observer: VisitObserver, *, client_id: UUID, tools: Tools
) -> None:
    keys = await screen_keys(stop, keys=tools.keys)
    if not is_right(code, keys, observer_id=observer.id, client_id=client_id):
        raise WrongScreenCode
    told = [str(stop.id), str(observer.id), step_of(code)]
    if not await connections.get("default").execute_query_dict(USE, told):
        raise ScreenCodeUsed


async def _others_with(mark: str, observer: VisitObserver) -> set[UUID]:
    """Return other observers of the visit who checked in with this phone; concurrent calls wait for each other."""
    if not mark:
        return set()
    await connections.get("default").execute_query(ALONE_WITH_DEVICE, [mark])
    same = CheckIn.filter(stop__visit_id=observer.visit_id, device_mark=mark)
    return {row["observer_id"] for row in await same.exclude(observer_id=observer.id).values("observer_id")}


def _claim(given: GivenCheckIn) -> Claim:
    place = given.place
    here = to_wgs84(Position(place.latitude, place.longitude, place.datum)) if place else None
    return Claim(given.code, here, place.accuracy_m if place else None, given.claimed_at)


async def _keep(
    existing: CheckIn | None,
    stop: VisitStop,
    observer: VisitObserver,
    given: GivenCheckIn,
    judged: Judged,
    *,
    mark: str,
    now: datetime,
) -> CheckIn:
    kept = existing or CheckIn(id=uuid4(), stop=stop, observer=observer)
    kept.client_id, kept.way, kept.place_grade = given.client_id, judged.way, judged.place_grade
    kept.presence = Presence.LOOK if judged.doubts else Presence.COUNTED
    kept.evidence = _evidence(judged.doubts, distance_m=judged.distance_m, given=given)
    kept.device_mark, kept.was_at, kept.received_at = mark, judged.was_at, now
    await kept.save(force_create=existing is None, update_fields=None if existing is None else CHANGED)
    return kept


CHANGED = [
    *("client_id", "way", "presence", "place_grade", "evidence", "device_mark", "was_at", "received_at"),
]


def _evidence(doubts: list[Doubt], *, distance_m: int | None, given: GivenCheckIn) -> dict[str, object]:
    """Return what the office sees of a check-in: neither the code nor the position itself."""
    accuracy = given.place.accuracy_m if given.place else None
    return {
        "doubts": [one.value for one in doubts],
        "distance_m": distance_m,
        "accuracy_m": round(accuracy) if accuracy else None,
        "scanned_wall": given.scene is not None,
        "claimed_at": given.claimed_at.isoformat(),
    }


async def _checked_in(kept: CheckIn, stop: VisitStop) -> CheckedIn:
    return CheckedIn(kept, stop, await VisitStop.filter(visit_id=stop.visit_id).count())
