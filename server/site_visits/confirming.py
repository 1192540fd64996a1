"""Staff's decisions about presence: by hand with a reason, confirmed after a doubt, or not there (VIS-03)."""

from datetime import datetime
from uuid import UUID, uuid4

from models import CheckIn, ScoreJudge, ScoreRound, SiteVisit, VisitObserver
from models.vocabulary import CheckInWay, PlaceGrade, Presence, RoundState, SignalKind, VisitState
from server import journal, scoring
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor
from server.scoring.refusals import NoReason
from server.scoring.states import BEFORE_SEAL
from server.site_visits import board
from server.site_visits.checking_in import flag, flag_odd
from server.site_visits.fetching import stop_in, visit_run_by
from server.site_visits.refusals import AlreadyCheckedIn, PresenceUnsettled, WrongVisitStep
from server.tools import Tools


@unit_of_work
async def check_in_by_hand(
    visit_id: UUID, stop_id: UUID, *, observer_id: UUID, reason: str, by: Actor, now: datetime
) -> CheckIn:
    """Check an observer in whose phone can't; this also confirms their doubtful check-in.

    Raises NoReason, AlreadyCheckedIn, NoSuchThing, WrongVisitStep.
    """
    visit = await _run(by, visit_id, reason=reason)
    stop = await stop_in(visit.id, stop_id)
    observer = await VisitObserver.select_for_update().get_or_none(id=observer_id, visit_id=visit.id)
    if observer is None:
        raise NoSuchThing
    existing = await CheckIn.get_or_none(stop_id=stop.id, observer_id=observer.id)
    if existing and existing.presence is not Presence.LOOK:
        raise AlreadyCheckedIn("他在这个点位已经有签到记录。", hint="请在签到名单里查看。")
    kept = existing or CheckIn(
        id=uuid4(),
        stop=stop,
        observer=observer,
        way=CheckInWay.BY_HAND,
        place_grade=PlaceGrade.D,
        evidence={"doubts": []},
        device_mark="",
        was_at=now,
        received_at=now,
    )
    _decide(kept, Presence.COUNTED, reason, by=by, now=now)
    await kept.save(force_create=existing is None, update_fields=DECIDED if existing else None)
    if not existing and not stop.opens_at <= now <= stop.closes_at:
        await flag(visit.id, observer.person_id, SignalKind.OUTSIDE_WINDOW, count=1)
    if not existing:
        await flag_odd(visit, observer)
    await board.bump(visit.id)
    told = {"check_in": kept.id, "name": stop.name, "reason": reason}
    await journal.record("site_visit.checked_in_by_hand", visit, by=by.person, **told)
    return kept


@unit_of_work
async def confirm_check_ins(
    visit_id: UUID, check_in_ids: list[UUID], *, reason: str, by: Actor, now: datetime
) -> list[CheckIn]:
    """Confirm the given doubtful check-ins; settled ones stay as they are."""
    visit = await _run(by, visit_id, reason=reason)
    asked = CheckIn.filter(id__in=check_in_ids, stop__visit_id=visit.id)
    found = [one for one in await asked.select_for_update(of=("check_in",)) if one.presence is Presence.LOOK]
    for one in found:
        _decide(one, Presence.COUNTED, reason, by=by, now=now)
        await one.save(update_fields=DECIDED)
    if found:
        told = {"check_ins": [one.id for one in found], "count": len(found), "reason": reason}
        await journal.record("site_visit.check_ins_confirmed", visit, by=by.person, **told)
    return found


@unit_of_work
async def reject_check_in(
    visit_id: UUID, check_in_id: UUID, *, reason: str, by: Actor, now: datetime
) -> CheckIn:
    """Decide that an observer was not there: their ballot at the stop does not count, and no new one is accepted."""
    visit = await _run(by, visit_id, reason=reason)
    kept = await CheckIn.select_for_update().get_or_none(id=check_in_id, stop__visit_id=visit.id)
    if kept is None:
        raise NoSuchThing
    if kept.presence is Presence.REJECTED:
        return kept
    await kept.fetch_related("observer", "stop")
    _decide(kept, Presence.REJECTED, reason, by=by, now=now)
    await kept.save(update_fields=DECIDED)
    judge = await ScoreJudge.get(round_id=visit.id, person_id=kept.observer.person_id)
    await scoring.exclude(
        visit.id, judge_id=judge.id, entry_ids=[kept.stop_id], reason=reason, by=by, now=now
    )
    await board.bump(visit.id)
    told = {"check_in": kept.id, "name": kept.stop.name, "reason": reason}
    await journal.record("site_visit.check_in_rejected", visit, by=by.person, **told)
    return kept


async def seal_visit(visit_id: UUID, *, by: Actor, now: datetime, tools: Tools) -> ScoreRound:
    """Seal a visit's round once every doubtful check-in is settled; raises PresenceUnsettled, or as the round does."""
    visit = await visit_run_by(by, visit_id)
    if left := await unsettled(visit.id):
        raise PresenceUnsettled(f"还有{left}次签到没有核实，不能密封。", left=left)
    return await scoring.seal(visit.id, by=by, now=now, tools=tools)


async def unsettled(visit_id: UUID) -> int:
    """Count the check-ins that wait for a person."""
    return await CheckIn.filter(stop__visit_id=visit_id, presence=Presence.LOOK).count()


DECIDED = ["presence", "reason", "decided_by_id", "decided_at"]


def _decide(kept: CheckIn, presence: Presence, reason: str, *, by: Actor, now: datetime) -> None:
    kept.presence, kept.reason = presence, reason
    kept.decided_by, kept.decided_at = by.person, now


async def _run(by: Actor, visit_id: UUID, *, reason: str) -> SiteVisit:
    """Return the published visit whose round is not sealed."""
    visit = await visit_run_by(by, visit_id)
    if not reason.strip():
        raise NoReason
    state: RoundState | None = None
    if visit.state is VisitState.PUBLISHED:
        state = (await ScoreRound.get(id=visit.id)).state
    if state not in BEFORE_SEAL:
        raise WrongVisitStep(state=state or visit.state)
    return visit
