"""What judges see: their own ballots before the seal, afterwards only how many counted; never anybody else's."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from msgspec import Struct

from models import Ballot, Participation, Recusal, ScoreEntry, ScoreJudge, ScoreRound
from models.vocabulary import BallotState, RoundState
from server.people import Actor
from server.scoring.fetching import judge_in
from server.scoring.round_keys import forget_key, key_of, tag_of
from server.scoring.saving import Receipt, receipt_of
from server.scoring.states import BEFORE_SEAL
from server.tools import Tools


class OwnBallots(Struct, frozen=True, kw_only=True):
    """A judge's part of a round; after the seal the server can't say which ballots are theirs."""

    state: RoundState
    ballots: list[Receipt]
    recused: list[UUID]
    missing: list[UUID]  # entries still to be scored, in order
    counted: int | None = None  # known after the seal
    not_counted: int | None = None


class OwnProgress(Struct, frozen=True):
    """How many of a judge's own entries are scored; after the seal, how many of their ballots counted."""

    state: RoundState
    done: int
    of: int


def counted_words(counted: int | None, not_counted: int | None) -> str:
    """Return what a judge is told after the seal; which ballots are theirs, only their phone knows."""
    if not counted and not not_counted:
        return ""
    if not_counted:
        return f"您的评分表计入 {counted} 张，不计入 {not_counted} 张"
    return f"您的 {counted} 张评分表均已计入"


async def own_progress(round_ids: Sequence[UUID], *, by: Actor, tools: Tools) -> dict[UUID, OwnProgress]:
    """Return the judge's progress in each of their rounds, with the same number of queries for any number of rounds."""
    judges = {
        one.round_id: one for one in await ScoreJudge.filter(round_id__in=round_ids, person_id=by.person.id)
    }
    rounds = await ScoreRound.filter(id__in=list(judges))
    entries = await ScoreEntry.filter(round_id__in=list(judges)).values_list("round_id", "id")
    recused = set(
        await Recusal.filter(judge_id__in=[one.id for one in judges.values()]).values_list(
            "judge_id", "entry_id"
        )
    )
    told = {
        one.round_id: one.counted
        for one in await Participation.filter(round_id__in=list(judges), person_id=by.person.id)
    }
    own = [(of, entry) for of, entry in entries if (judges[of].id, entry) not in recused]
    keys = {one.id: await key_of(one.id, tools=tools) for one in rounds if one.state in BEFORE_SEAL}
    tags: dict[str, UUID] = {
        tag_of(keys[of], entry_id=entry, judge_id=judges[of].id): of for of, entry in own if of in keys
    }
    given = await Ballot.filter(tag__in=list(tags), state=BallotState.SUBMITTED)
    done = Counter(tags[one.tag] for one in given)
    expected = Counter(of for of, _ in own)
    return {
        one.id: OwnProgress(
            one.state, done[one.id] if one.id in keys else told.get(one.id, 0), expected[one.id]
        )
        for one in rounds
    }


async def own_ballots(round_id: UUID, *, by: Actor, tools: Tools) -> OwnBallots:
    """Return the judge's ballots with their receipts, and what is left to do; raises NoSuchThing."""
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
    tags: dict[str, UUID] = {tag_of(key, entry_id=entry.id, judge_id=judge.id): entry.id for entry in entries}
    mine = {one.entry_id: one for one in await Ballot.filter(tag__in=list(tags))}
    done = {entry for entry, one in mine.items() if one.state is BallotState.SUBMITTED}
    return OwnBallots(
        state=found.state,
        ballots=[receipt_of(mine[entry.id]) for entry in entries if entry.id in mine],
        recused=recused,
        missing=[entry.id for entry in entries if entry.id not in done and entry.id not in recused],
    )
