"""Fetches rounds: staff get those of their organisation, judges those they judge in, others none."""

from uuid import UUID

from tortoise import connections

from models import ScoreEntry, ScoreJudge, ScoreRound
from models.vocabulary import RoundState
from server.kernel.refusal import NoSuchThing
from server.people import Actor, Permission
from server.people.reaching import within
from server.scoring.states import MACHINE

# Writers of ballots share this lock, the locker holds it exclusively: none starves and no ballot slips in
# (site-visits §5).
SHARED = "SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 12))"
ALONE = "SELECT pg_advisory_xact_lock(hashtextextended($1, 12))"


async def round_run_by(by: Actor, round_id: UUID) -> ScoreRound:
    """Return a round that the actor organises; raises NoSuchThing."""
    return await _round(round_id, by=by, permission=Permission.RUN_SCORING)


async def round_seen_by(by: Actor, round_id: UUID) -> ScoreRound:
    """Return a round that the actor may see as office staff; raises NoSuchThing."""
    return await _round(round_id, by=by, permission=Permission.SEE_SCORING)


async def judge_in(by: Actor, round_id: UUID) -> ScoreJudge:
    """Return the actor as a judge of a round; raises NoSuchThing."""
    by.reaches(Permission.SCORE)
    judge = await ScoreJudge.get_or_none(round_id=round_id, person_id=by.person.id)
    if judge is None:
        raise NoSuchThing
    return judge


async def judge_of(round_id: UUID, judge_id: UUID) -> ScoreJudge:
    """Return a judge of an already fetched round; raises NoSuchThing."""
    judge = await ScoreJudge.get_or_none(id=judge_id, round_id=round_id)
    if judge is None:
        raise NoSuchThing
    return judge


async def entry_of(round_id: UUID, entry_id: UUID) -> ScoreEntry:
    """Return an entry of an already fetched round; raises NoSuchThing."""
    entry = await ScoreEntry.get_or_none(id=entry_id, round_id=round_id)
    if entry is None:
        raise NoSuchThing
    return entry


async def alone_with(round_id: UUID, *states: RoundState) -> ScoreRound:
    """Lock the round against ballots until the unit of work ends; raises WrongRoundStep outside these states."""
    found = await _alone(round_id)
    MACHINE.check_state(found, states)
    return found


async def alone_for(round_id: UUID, step: str) -> ScoreRound:
    """Lock the round like `alone_with`, for a step; raises WrongRoundStep unless the step is legal."""
    found = await _alone(round_id)
    MACHINE.check_step(found, step)
    return found


async def beside_other_writers(round_id: UUID) -> ScoreRound:
    """Return the round, unchanged until the unit of work ends, while other ballots may be written."""
    await connections.get("default").execute_query(SHARED, [str(round_id)])
    return await ScoreRound.get(id=round_id)


async def _alone(round_id: UUID) -> ScoreRound:
    await connections.get("default").execute_query(ALONE, [str(round_id)])
    return await ScoreRound.select_for_update().get(id=round_id)


async def _round(round_id: UUID, *, by: Actor, permission: Permission) -> ScoreRound:
    found = await ScoreRound.get_or_none(within(by, permission, "organisation"), id=round_id)
    if found is None:
        raise NoSuchThing
    return found
