"""Signals for people: what other packages flag, what the lock noted, and the decision about each."""

from datetime import datetime
from uuid import UUID, uuid4

from models import ScoreExclusion, ScoreSignal
from models.vocabulary import SignalKind
from server import journal
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor
from server.scoring.fetching import (
    alone_with,
    beside_other_writers,
    entry_of,
    judge_of,
    round_run_by,
    round_seen_by,
)
from server.scoring.refusals import NoReason
from server.scoring.states import BEFORE_SEAL, MACHINE


async def signals_of(round_id: UUID, *, by: Actor) -> list[ScoreSignal]:
    """Return all signals of a round with their judges' persons, undecided first."""
    await round_seen_by(by, round_id)
    found = ScoreSignal.filter(judge__round_id=round_id).select_related("judge__person", "decided_by")
    return sorted(await found, key=lambda one: (one.decided_at is not None, one.kind, str(one.id)))


@unit_of_work
async def flag(round_id: UUID, *, judge_id: UUID, kind: SignalKind, count: int) -> None:
    """Record what another package noticed, such as a short visit; called inside its unit of work, which journals it.

    Never call it from the unit of work that saves a ballot: the ledger would join the two.
    """
    found = await beside_other_writers(round_id)
    MACHINE.check_state(found, BEFORE_SEAL)
    judge = await judge_of(round_id, judge_id)
    await ScoreSignal.get_or_create(judge_id=judge.id, kind=kind, defaults={"id": uuid4(), "count": count})


@unit_of_work
async def decide_signal(
    round_id: UUID, signal_id: UUID, *, words: str, by: Actor, now: datetime
) -> ScoreSignal:
    """Record what was found out about a signal; the ballots stay as they are. Raises NoReason, NoSuchThing."""
    found = await round_run_by(by, round_id)
    if not words.strip():
        raise NoReason
    await alone_with(round_id, *BEFORE_SEAL)
    signal = await ScoreSignal.get_or_none(id=signal_id, judge__round_id=round_id)
    if signal is None:
        raise NoSuchThing
    signal.words, signal.decided_by, signal.decided_at = words, by.person, now
    await signal.save(update_fields=["words", "decided_by_id", "decided_at"])
    told = {"signal": signal.id, "kind": signal.kind, "words": words}
    await journal.record("score_round.signal_decided", found, by=by.person, **told)
    return signal


@unit_of_work
async def exclude(
    round_id: UUID, *, judge_id: UUID, entry_ids: list[UUID], reason: str, by: Actor, now: datetime
) -> list[ScoreExclusion]:
    """Decide that a judge's ballots for these entries do not count; possible until the seal. Raises NoReason."""
    found = await round_run_by(by, round_id)
    if not reason.strip():
        raise NoReason
    await alone_with(round_id, *BEFORE_SEAL)
    judge = await judge_of(round_id, judge_id)
    entries = [await entry_of(round_id, entry_id) for entry_id in entry_ids]
    made = [
        (
            await ScoreExclusion.get_or_create(
                judge_id=judge.id,
                entry_id=entry.id,
                defaults={"id": uuid4(), "reason": reason, "decided_by": by.person, "decided_at": now},
            )
        )[0]
        for entry in entries
    ]
    told = {"judge": judge.id, "entries": [entry.id for entry in entries], "reason": reason}
    await journal.record("score_round.excluded", found, by=by.person, **told)
    return made
