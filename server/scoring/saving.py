"""Saves a ballot: its transaction has no journal entry and no row of a person, so that nothing joins the two.

Repeating is harmless without an idempotency key, which would tie person and ballot: equal content is success, and
`base_version` shows what another phone did meanwhile (site-visits §0.10, §5).
"""

from datetime import datetime, timedelta
from secrets import token_bytes
from typing import Annotated, NoReturn
from uuid import UUID

from msgspec import Meta, Struct
from tortoise import connections

from models import Ballot, Recusal, RoundAsk, ScoreEntry, ScoreJudge, ScoreRound
from models.vocabulary import BallotState, RoundAskKind, RoundState
from server.kernel.clock import to_the_minute
from server.kernel.unit_of_work import unit_of_work
from server.people import Actor
from server.scoring.ballots import check_whole, checked
from server.scoring.digests import ballot_digest, salt_from
from server.scoring.fetching import beside_other_writers, entry_of, judge_in
from server.scoring.publishing_rules import GRACE
from server.scoring.refusals import (
    AlreadySubmitted,
    Locked,
    OutsideWindow,
    PhoneClockAhead,
    SelfRecused,
    VersionBehind,
)
from server.scoring.round_keys import device_mark, forget_key, key_of, tag_of
from server.scoring.rules import rules_from
from server.tools import Tools

AHEAD = timedelta(minutes=2)

FIRST = """
INSERT INTO ballot (tag, round_id, entry_id, group_id, scores, comment, state, version, salt, digest)
VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7, 1, $8, $9) ON CONFLICT (tag) DO NOTHING RETURNING version
"""

TRACE = """
INSERT INTO ballot_trace (tag, round_id, device_mark, claimed_at, is_late) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (tag) DO UPDATE SET device_mark = excluded.device_mark, claimed_at = excluded.claimed_at,
    is_late = excluded.is_late
"""


class SaveBallot(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A ballot as a phone sends it at every change; `base_version` is the version it was made from, 0 for none."""

    scores: Annotated[dict[str, str], Meta(max_length=8)]
    state: BallotState
    base_version: Annotated[int, Meta(ge=0)]
    claimed_at: datetime
    comment: Annotated[str, Meta(max_length=200)] = ""
    nonce: Annotated[str, Meta(pattern="^[0-9a-f]{0,64}$")] = ""


class Receipt(Struct, frozen=True, kw_only=True):
    """A ballot as it is kept, with salt and digest, by which its judge finds it in the published list."""

    entry: UUID
    state: BallotState
    version: int
    scores: dict[str, str]
    comment: str
    salt: str | None
    digest: str | None


async def save_ballot(
    round_id: UUID,
    entry_id: UUID,
    command: SaveBallot,
    *,
    by: Actor,
    now: datetime,
    tools: Tools,
    device: str = "",
) -> Receipt:
    """Save a judge's draft or submission; submitted ballots may be corrected until the lock.

    Raises NoSuchThing, Locked, OutsideWindow, PhoneClockAhead, SelfRecused, BadScores, ScoresMissing, CommentMissing,
    AlreadySubmitted, VersionBehind (with the current ballot), RoundKeyLost.
    """
    judge = await judge_in(by, round_id)
    if (await ScoreRound.get(id=round_id)).state is not RoundState.OPEN:
        forget_key(round_id)
        raise Locked
    key = await key_of(round_id, tools=tools)
    mark = device_mark(key, device)
    return await _save(
        judge, entry_id, command, now=now, tag=tag_of(key, entry_id=entry_id, judge_id=judge.id), mark=mark
    )


@unit_of_work
async def _save(
    judge: ScoreJudge, entry_id: UUID, command: SaveBallot, *, now: datetime, tag: str, mark: str
) -> Receipt:
    found = await beside_other_writers(judge.round_id)
    if found.state is not RoundState.OPEN:
        raise Locked
    entry = await entry_of(found.id, entry_id)
    await _check_window(found, entry, command.claimed_at, now=now)
    if await Recusal.filter(judge_id=judge.id, entry_id=entry.id).exists():
        raise SelfRecused
    wanted = _wanted(found, entry, judge, command, tag=tag)
    kept = await _keep(wanted, base_version=command.base_version)
    if kept is wanted:
        await _trace(wanted, command.claimed_at, entry, now=now, mark=mark)
    return receipt_of(kept)


def receipt_of(ballot: Ballot) -> Receipt:
    """Return what a ballot's judge is shown."""
    return Receipt(
        entry=ballot.entry_id,
        state=ballot.state,
        version=ballot.version,
        scores=ballot.scores,
        comment=ballot.comment,
        salt=ballot.salt,
        digest=ballot.digest,
    )


async def _check_window(found: ScoreRound, entry: ScoreEntry, claimed_at: datetime, *, now: datetime) -> None:
    """Refuse what was written outside the entry's window or came a day after it: PhoneClockAhead, OutsideWindow.

    A round that two persons opened again takes corrections, and ballots that were missing, until it locks; they
    came late, which is a signal.
    """
    if claimed_at > now + AHEAD:
        raise PhoneClockAhead
    is_in_time = claimed_at <= entry.closes_at and now <= entry.closes_at + GRACE
    if claimed_at < entry.opens_at or not (is_in_time or await _is_open_again(found, now=now)):
        window = {"opens_at": entry.opens_at.isoformat(), "closes_at": entry.closes_at.isoformat()}
        raise OutsideWindow(**window)


async def _is_open_again(found: ScoreRound, *, now: datetime) -> bool:
    """Whether two persons opened an open round after a lock, and its new time to lock has not come."""
    opened = RoundAsk.filter(round_id=found.id, kind=RoundAskKind.UNLOCK, confirmed_at__not_isnull=True)
    return now <= found.locks_at and await opened.exists()


def _wanted(
    found: ScoreRound, entry: ScoreEntry, judge: ScoreJudge, command: SaveBallot, *, tag: str
) -> Ballot:
    """Build the ballot that the command asks for, with its own salt if it is a submission."""
    rules = rules_from(found.rules)
    scores = checked(command.scores, rules)
    ballot = Ballot(
        tag=tag,
        round_id=found.id,
        entry_id=entry.id,
        group=judge.group,
        scores=scores,
        comment=command.comment,
        state=command.state,
        version=1,
    )
    if command.state is BallotState.SUBMITTED:
        check_whole(scores, comment=command.comment, rules=rules)
        ballot.salt = salt_from(bytes.fromhex(command.nonce.zfill(64)), token_bytes(16))
        told = {"round_id": str(found.id), "entry": str(entry.id)}
        ballot.digest = ballot_digest(**told, salt=ballot.salt, scores=scores)
    return ballot


async def _keep(wanted: Ballot, *, base_version: int) -> Ballot:
    """Write the wanted ballot and return it; return the current one if its content is equal."""
    present = await Ballot.select_for_update().get_or_none(tag=wanted.tag)
    if present is None:
        return await _keep_first(wanted, base_version=base_version)
    if _content(present) == _content(wanted):
        return present
    if present.state is BallotState.SUBMITTED and wanted.state is BallotState.DRAFT:
        raise AlreadySubmitted(ballot=receipt_of(present))
    if present.version != base_version:
        _behind(present)
    wanted.version = present.version + 1
    await Ballot.filter(tag=wanted.tag).update(
        scores=wanted.scores,
        comment=wanted.comment,
        state=wanted.state,
        version=wanted.version,
        salt=wanted.salt,
        digest=wanted.digest,
    )
    return wanted


async def _keep_first(wanted: Ballot, *, base_version: int) -> Ballot:
    if base_version:
        raise VersionBehind("这张评分表还没有保存过。", ballot=None)
    scores = Ballot._meta.fields_map["scores"].to_db_value(wanted.scores, wanted)
    columns = [wanted.tag, wanted.round_id, wanted.entry_id, wanted.group, scores]
    rest = [wanted.comment, wanted.state.value, wanted.salt, wanted.digest]
    if await connections.get("default").execute_query_dict(FIRST, [*columns, *rest]):
        return wanted
    present = await Ballot.get(tag=wanted.tag)  # another phone of the same judge was slightly faster
    if _content(present) == _content(wanted):
        return present
    _behind(present)


def _content(ballot: Ballot) -> tuple[dict[str, str], str, BallotState]:
    return ballot.scores, ballot.comment, ballot.state


def _behind(present: Ballot) -> NoReturn:
    raise VersionBehind(ballot=receipt_of(present))


async def _trace(
    ballot: Ballot, claimed_at: datetime, entry: ScoreEntry, *, now: datetime, mark: str
) -> None:
    """Record what the review may need, to the minute."""
    told = [ballot.tag, ballot.round_id, mark, to_the_minute(claimed_at), now > entry.closes_at]
    await connections.get("default").execute_query(TRACE, told)
