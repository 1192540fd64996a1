"""Locks a round, by hand or at its time; what opens, annuls or corrects it takes two persons and a public note."""

from datetime import datetime
from uuid import UUID, uuid4

from msgspec import Struct

from models import Ballot, Person, RoundAsk, ScoreRound, ScoreSignal
from models.vocabulary import BallotState, RoundAskKind, RoundState
from server import journal
from server.kernel.refusal import NoSuchThing
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor
from server.scoring.announcing import announce
from server.scoring.correcting import recompute
from server.scoring.fetching import alone_for, alone_with, round_run_by, round_seen_by
from server.scoring.impartiality import check_impartial
from server.scoring.publishing_rules import GRACE
from server.scoring.refusals import AskAnswered, NoReason, NotCorrectable, RoundKeyLost, SecondPersonNeeded
from server.scoring.reviewing import all_given, signals_in
from server.scoring.round_keys import forget_key, key_of
from server.scoring.states import MACHINE
from server.tools import Tools


class BeforeLock(Struct, frozen=True):
    """What the dialog of a manual lock shows: drafts do not count."""

    submitted: int
    drafts: int


async def before_lock(round_id: UUID, *, by: Actor) -> BeforeLock:
    """Count the ballots that would count, and the drafts that would not."""
    await round_seen_by(by, round_id)
    return await _ballots_of(round_id)


async def lock(round_id: UUID, *, by: Actor, now: datetime, tools: Tools) -> ScoreRound:
    """Lock a round by hand; repeating it changes nothing. Raises NoSuchThing, WrongRoundStep."""
    found = await round_run_by(by, round_id)
    return await _lock(found.id, key=await _key_if_there(found.id, tools), by=by.person, now=now)


async def lock_due(*, now: datetime, tools: Tools) -> int:
    """Lock the rounds whose time has come; return how many."""
    due = await ScoreRound.filter(state=RoundState.OPEN, locks_at__lte=now)
    for found in due:
        await _lock(found.id, key=await _key_if_there(found.id, tools), by=None, now=now)
    return len(due)


@unit_of_work
async def ask(round_id: UUID, kind: RoundAskKind, *, note: str, by: Actor, now: datetime) -> RoundAsk:
    """Request an unlock or an annulment; the note is published with the result. Another person confirms.

    A correction has a request of its own, `ask_correction`. Raises NoReason, NotCorrectable, NotImpartial,
    WrongRoundStep.
    """
    await round_run_by(by, round_id)
    if not note.strip():
        raise NoReason
    if kind is RoundAskKind.RECOMPUTE:
        raise NotCorrectable("没有写明更正后的规则。", hint="请从“更正规则后重新计算”的页面提出。")
    found = await alone_for(round_id, kind)
    await check_impartial(found, by, now=now)
    asked = await RoundAsk.create(
        id=uuid4(), round=found, kind=kind, note=note, asked_by=by.person, asked_at=now
    )
    told = {"ask": asked.id, "kind": kind, "what": kind.label, "note": note}
    await journal.record("score_round.asked", found, by=by.person, **told)
    return asked


@unit_of_work
async def confirm(round_id: UUID, ask_id: UUID, *, by: Actor, now: datetime) -> ScoreRound:
    """Confirm and carry out a request as the second person: SecondPersonNeeded, NotImpartial, AskAnswered."""
    await round_run_by(by, round_id)
    asked = await RoundAsk.get_or_none(id=ask_id, round_id=round_id)
    if asked is None:
        raise NoSuchThing
    found = await alone_for(round_id, asked.kind)
    asked = await RoundAsk.select_for_update().get(id=ask_id)
    if asked.confirmed_at or await _is_overtaken(asked, found):
        raise AskAnswered
    if asked.asked_by_id == by.person.id:
        raise SecondPersonNeeded
    await check_impartial(found, by, now=now)
    asked.confirmed_by, asked.confirmed_at = by.person, now
    await asked.save(update_fields=["confirmed_by_id", "confirmed_at"])
    MACHINE.take(found, asked.kind)
    if found.state is RoundState.OPEN and found.locks_at <= now:
        found.locks_at = now + GRACE  # otherwise the timetable would lock it again within a minute
    await found.save(update_fields=["state", "locks_at"])
    if asked.kind is RoundAskKind.RECOMPUTE:
        await recompute(found, asked)
    told = {"ask": asked.id, "kind": asked.kind, "what": asked.kind.label, "note": asked.note}
    await announce(round_id)
    await journal.record("score_round.confirmed", found, by=by.person, **told)
    return found


async def asks_of(round_id: UUID, *, by: Actor) -> list[RoundAsk]:
    """Return the requests about a round, newest first."""
    await round_seen_by(by, round_id)
    return (
        await RoundAsk.filter(round_id=round_id)
        .order_by("-asked_at")
        .select_related("asked_by", "confirmed_by")
    )


async def _is_overtaken(asked: RoundAsk, found: ScoreRound) -> bool:
    """Whether the round was locked, or its result corrected, after the request."""
    if found.locked_at and asked.asked_at < found.locked_at:
        return True
    later = RoundAsk.filter(round_id=found.id, kind=RoundAskKind.RECOMPUTE, confirmed_at__gte=asked.asked_at)
    return asked.kind is RoundAskKind.RECOMPUTE and await later.exists()


@unit_of_work
async def _lock(round_id: UUID, *, key: bytes | None, by: Person | None, now: datetime) -> ScoreRound:
    found = await alone_with(round_id, RoundState.OPEN, RoundState.LOCKED)
    if found.state is RoundState.LOCKED:
        return found
    MACHINE.take(found, "lock")
    found.locked_at = now
    await found.save(update_fields=["state", "locked_at"])
    if key:
        await _note_signals(round_id, key)
    counts = await _ballots_of(round_id)
    told = {"submitted": counts.submitted, "drafts": counts.drafts}
    await announce(round_id)
    await journal.record("score_round.locked", found, by=by, **told)
    return found


async def _note_signals(round_id: UUID, key: bytes) -> None:
    for (judge_id, kind), count in (await signals_in(await all_given(round_id, key))).items():
        signal, is_new = await ScoreSignal.get_or_create(
            judge_id=judge_id, kind=kind, defaults={"count": count}
        )
        if not is_new and signal.count != count:
            await ScoreSignal.filter(id=signal.id).update(count=count, decided_by_id=None, decided_at=None)


async def _key_if_there(round_id: UUID, tools: Tools) -> bytes | None:
    """Return the key if it exists: a lost key must not keep the round open."""
    try:
        return await key_of(round_id, tools=tools)
    except RoundKeyLost:
        forget_key(round_id)
        return None


async def _ballots_of(round_id: UUID) -> BeforeLock:
    submitted = await Ballot.filter(round_id=round_id, state=BallotState.SUBMITTED).count()
    return BeforeLock(submitted, await Ballot.filter(round_id=round_id, state=BallotState.DRAFT).count())
