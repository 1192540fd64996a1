"""Publishes a visit: its rules are frozen with their digest, and its observers judge in its round (VIS-01)."""

from datetime import datetime
from uuid import UUID

import msgspec

from models import CheckIn, SiteVisit, VisitObserver
from models.vocabulary import VisitState
from server import journal, scoring
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor
from server.scoring import NewEntry, NewRound, Rules
from server.site_visits.fetching import draft_run_by, stops_of, visit_run_by
from server.site_visits.inviting import assign
from server.site_visits.planning import rules_of
from server.site_visits.refusals import SomebodyCheckedIn, VisitIncomplete, WrongVisitStep
from server.tools import Tools


@unit_of_work
async def publish_visit(visit_id: UUID, *, version: int, by: Actor, now: datetime, tools: Tools) -> SiteVisit:
    """Publish a visit: observers see it, and a digest fixes the rules. The request waits for the round's key.

    Raises VisitMovedOn, WrongVisitStep, VisitIncomplete, and the round's refusals, such as BadRules.
    """
    visit = await draft_run_by(by, visit_id, version=version)
    await _check_complete(visit)
    await scoring.publish_rules(await _round(visit), by=by, tools=tools)
    observers = await VisitObserver.filter(visit_id=visit.id).order_by("id")
    for observer in observers:
        await assign(observer, by=by, now=now)
    visit.state, visit.published_at = VisitState.PUBLISHED, now
    await visit.save(update_fields=["state", "published_at"])
    told = {"title": visit.title, "observers": len(observers)}
    people = [one.person_id for one in observers]
    await journal.record("site_visit.published", visit, by=by.person, people=people, **told)
    return visit


@unit_of_work
async def change_published_rules(visit_id: UUID, rules: Rules, *, reason: str, by: Actor) -> SiteVisit:
    """Publish a new version of the rules, with a reason; raises SomebodyCheckedIn, RulesInUse, BadRules, NoReason."""
    await visit_run_by(by, visit_id)
    visit = await SiteVisit.select_for_update().get(id=visit_id)
    if visit.state is not VisitState.PUBLISHED:
        raise WrongVisitStep(state=visit.state)
    if await CheckIn.filter(stop__visit_id=visit.id).exists():
        raise SomebodyCheckedIn
    changed = await scoring.change_rules(visit.id, rules=rules, reason=reason, by=by)
    visit.rules, visit.version = msgspec.to_builtins(rules), visit.version + 1
    await visit.save(update_fields=["rules", "version"])
    told = {"digest": changed.rule_digest, "reason": reason}
    await journal.record("site_visit.rules_changed", visit, by=by.person, **told)
    return visit


async def faults_of(visit: SiteVisit) -> list[str]:
    """Return what is missing before a visit can be published, one phrase each."""
    faults = list(scoring.faults_of(rules_of(visit)))
    stops = await stops_of(visit.id)
    observers = await VisitObserver.filter(visit_id=visit.id)
    groups = {one.id: one.name for one in rules_of(visit).groups}
    if not stops:
        faults.append("还没有点位")
    if not observers:
        faults.append("还没有观察员")
    if lost := [one for one in observers if one.group not in groups]:
        faults.append(f"有{len(lost)}位观察员的评审组已不在规则里")
    empty = [
        name for group, name in groups.items() if observers and all(one.group != group for one in observers)
    ]
    if empty:
        faults.append(f"{'、'.join(empty)}还没有人")
    if visit.locks_at and stops and visit.locks_at < max(one.closes_at for one in stops):
        faults.append("自动封盘不能早于最后一个点位结束")
    return faults


async def _check_complete(visit: SiteVisit) -> None:
    if faults := await faults_of(visit):
        raise VisitIncomplete("观摩还不能发布：" + "；".join(faults) + "。", faults=faults)


async def _round(visit: SiteVisit) -> NewRound:
    entries = [
        NewEntry(
            id=stop.id,
            name=stop.name,
            opens_at=stop.opens_at,
            closes_at=stop.closes_at,
            unit_id=stop.unit_id,
            is_mandatory=stop.is_mandatory,
        )
        for stop in await stops_of(visit.id)
    ]
    return NewRound(
        id=visit.id, name=visit.title, rules=rules_of(visit), entries=entries, locks_at=visit.locks_at
    )
