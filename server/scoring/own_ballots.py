"""What a judge sees: his own ballots before the seal, that they counted afterwards; never anybody else's."""

from uuid import UUID

from msgspec import Struct

from models import Ballot, Participation, Recusal, ScoreEntry, ScoreRound
from models.vocabulary import BallotState, RoundState
from server.people import Actor
from server.scoring.fetching import judge_in
from server.scoring.reviewing import BEFORE_SEAL
from server.scoring.round_keys import forget_key, key_of, tag_of
from server.scoring.saving import Receipt, receipt_of
from server.tools import Tools


class OwnBallots(Struct, frozen=True, kw_only=True):
    """A judge's part of a round; after the seal the server can't say which ballots are his."""

    state: RoundState
    ballots: list[Receipt]
    recused: list[UUID]
    missing: list[UUID]  # entries still to be scored, in their order
    counted: int | None = None  # known after the seal
    not_counted: int | None = None


async def own_ballots(round_id: UUID, *, by: Actor, tools: Tools) -> OwnBallots:
    """The judge's ballots with their receipts, and what is left to do; raises NoSuchThing."""
    judge = await judge_in(by, round_id)
    found = await ScoreRound.get(id=round_id)
    recused = [one.entry_id for one in await Recusal.filter(judge_id=judge.id)]
    if found.state not in BEFORE_SEAL:
        forget_key(round_id)
        told = await Participation.get_or_none(round_id=round_id, person_id=by.person.id)
        counts = {"counted": told.counted, "not_counted": told.not_counted} if told else {}
        return OwnBallots(state=found.state, ballots=[], recused=recused, missing=[], **counts)
    key = await key_of(round_id, tools=tools)
    entries = await ScoreEntry.filter(round_id=round_id).order_by("position")
    tags = {tag_of(key, entry_id=entry.id, judge_id=judge.id): entry.id for entry in entries}
    mine = {one.entry_id: one for one in await Ballot.filter(tag__in=list(tags))}
    done = {entry for entry, one in mine.items() if one.state is BallotState.SUBMITTED}
    return OwnBallots(
        state=found.state,
        ballots=[receipt_of(mine[entry.id]) for entry in entries if entry.id in mine],
        recused=recused,
        missing=[entry.id for entry in entries if entry.id not in done and entry.id not in recused],
    )
