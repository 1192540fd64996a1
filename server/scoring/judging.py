"""Manages who judges, who is recused, and who is excused from full coverage: all before the lock."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from tortoise import connections
from tortoise.expressions import Q

from models import Duty, Person, Recusal, ScoreEntry, ScoreJudge, ScoreRound
from models.vocabulary import RecusalKind, RoundState
from server import journal
from server.kernel.clock import business_date
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor, Permission
from server.people.duties import GRANTS
from server.scoring.announcing import announce
from server.scoring.fetching import alone_with, entry_of, judge_in, judge_of, round_run_by, round_seen_by
from server.scoring.refusals import NoReason, NotAJudge, UnknownGroup

# Entries of a person's own unit, or of one above it.
OWN_ENTRIES = """
SELECT e.id FROM score_entry e JOIN organisation u ON u.id = e.unit_id
WHERE e.round_id = $1 AND EXISTS (
    SELECT FROM organisation o WHERE starts_with(o.path, u.path) AND (
        o.id = (SELECT organisation_id FROM person WHERE id = $2)
        OR o.id IN (SELECT organisation_id FROM duty WHERE person_id = $2 AND (until_on IS NULL OR until_on >= $3))))
ORDER BY e.position
"""


@unit_of_work
async def assign_judge(
    round_id: UUID,
    *,
    person_id: UUID,
    group: str,
    by: Actor,
    now: datetime,
    recused: Sequence[tuple[UUID, RecusalKind]] = (),
) -> ScoreJudge:
    """Assign a judge to a group of the rules, recused from entries of their own unit and from `recused`.

    Assigning them again to the same group changes nothing. Raises UnknownGroup, NotAJudge.
    """
    found = await round_run_by(by, round_id)
    await alone_with(round_id, RoundState.OPEN)
    if group not in {one["id"] for one in found.rules["groups"]}:
        raise UnknownGroup
    person = await Person.get_or_none(id=person_id, is_active=True)
    if person is None:
        raise NoSuchThing
    existing = await ScoreJudge.get_or_none(round_id=round_id, person_id=person_id)
    if existing:
        return await _same_group(existing, group)
    if not await _may_judge(person_id, on=business_date(now)):
        raise NotAJudge
    judge = await ScoreJudge.create(id=uuid4(), round=found, person=person, group=group)
    for entry_id, kind in await _recusals(found, person_id, recused, on=business_date(now)):
        await Recusal.create(judge=judge, entry=await entry_of(round_id, entry_id), kind=kind)
    await journal.record("score_round.judge_assigned", found, by=by.person, judge=judge.id, group=group)
    return judge


async def judges_of(round_id: UUID, *, by: Actor) -> list[ScoreJudge]:
    """Return the judges of a round with person, recusals and exclusions (each with its entry), for the office."""
    await round_seen_by(by, round_id)
    found = ScoreJudge.filter(round_id=round_id).select_related("person")
    judges = await found.prefetch_related("recusals__entry", "exclusions__entry")
    return sorted(judges, key=lambda one: (one.group, one.person.designation))


@unit_of_work
async def recuse(
    round_id: UUID, *, judge_id: UUID, entry_id: UUID, kind: RecusalKind, reason: str, by: Actor
) -> Recusal:
    """Recuse a judge from an entry, as staff; an existing ballot does not count. Repeating it changes nothing."""
    found = await round_run_by(by, round_id)
    return await _recuse(found, await judge_of(round_id, judge_id), entry_id, kind, reason, by=by)


@unit_of_work
async def declare_conflict(round_id: UUID, *, entry_id: UUID, reason: str, by: Actor) -> Recusal:
    """Declare the judge's own conflict of interest; raises NoReason."""
    judge = await judge_in(by, round_id)
    found = await ScoreRound.get(id=round_id)
    return await _recuse(found, judge, entry_id, RecusalKind.DECLARED, reason, by=by)


@unit_of_work
async def excuse(round_id: UUID, *, judge_id: UUID, reason: str, by: Actor) -> ScoreJudge:
    """Let a judge's ballots count although they can't score every mandatory entry; raises NoReason."""
    found = await round_run_by(by, round_id)
    if not reason.strip():
        raise NoReason
    await alone_with(round_id, RoundState.OPEN)
    judge = await judge_of(round_id, judge_id)
    judge.exempt_because = reason
    await judge.save(update_fields=["exempt_because"])
    await journal.record("score_round.judge_excused", found, by=by.person, judge=judge.id, reason=reason)
    return judge


async def _recuse(
    found: ScoreRound, judge: ScoreJudge, entry_id: UUID, kind: RecusalKind, reason: str, *, by: Actor
) -> Recusal:
    if kind is RecusalKind.DECLARED and not reason.strip():
        raise NoReason
    await alone_with(found.id, RoundState.OPEN)
    entry: ScoreEntry = await entry_of(found.id, entry_id)
    existing = await Recusal.get_or_none(judge_id=judge.id, entry_id=entry.id)
    if existing:
        return existing
    recusal = await Recusal.create(judge=judge, entry=entry, kind=kind, reason=reason)
    told = {"judge": judge.id, "entry": entry.id, "kind": kind, "reason": reason}
    await announce(found.id)
    await journal.record("score_round.recused", found, by=by.person, **told)
    return recusal


async def _same_group(judge: ScoreJudge, group: str) -> ScoreJudge:
    if judge.group != group:
        raise UnknownGroup("这个人已经在另一个评审组里。")
    return judge


async def _may_judge(person_id: UUID, *, on: date) -> bool:
    still = Q(until_on=None) | Q(until_on__gte=on)
    return await Duty.filter(still, person_id=person_id, role__in=list(GRANTS[Permission.SCORE])).exists()


async def _recusals(
    found: ScoreRound, person_id: UUID, told: Sequence[tuple[UUID, RecusalKind]], *, on: date
) -> list[tuple[UUID, RecusalKind]]:
    rows = await connections.get("default").execute_query_dict(OWN_ENTRIES, [found.id, person_id, on])
    own = {row["id"]: RecusalKind.OWN_UNIT for row in rows}
    return list((own | dict(told)).items())
