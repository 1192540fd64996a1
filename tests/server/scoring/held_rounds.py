"""What stays true of a round whatever was tried: the machines of scoring and of visits check it in the same words."""

from models import Ballot, ScoreEntry, ScoreResult, ScoreRound, SealedBallot
from models.vocabulary import RoundState as S
from server.scoring import recomputed
from server.scoring.results import sealed_round


async def everything_scored(round_id):
    """Return everything a score depends on, in one comparable value."""
    ballots = await Ballot.filter(round_id=round_id).order_by("tag").values()
    sealed = await SealedBallot.filter(round_id=round_id).order_by("digest").values()
    return ballots, sealed, await ScoreResult.filter(round_id=round_id).values()


async def check_scores_are_kept(before, after, scored, *, is_refused, writes):
    """Check that a refusal changed nothing, and that nothing is written after the lock but by the seal.

    `writes` says whether the attempt was to write what only an open round takes.
    """
    now = await everything_scored(after.id)
    if is_refused:
        assert (after.state, now) == (before.state, scored)
    if before.state is not S.OPEN and after.state is not S.SEALED:
        assert now == scored
    assert is_refused or before.state is S.OPEN or not writes


async def check_one_ballot_each(round_id, *, judges):
    """Check that no entry has more ballots than there are judges."""
    entries = list(await Ballot.filter(round_id=round_id).values_list("entry_id", flat=True))
    assert all(entries.count(one) <= judges for one in entries)


async def check_recomputed(round_id):
    """Check a sealed result against its ballots, to the last digit; return whether the round is sealed."""
    found = await ScoreRound.get(id=round_id)
    if found.state not in (S.SEALED, S.PUBLISHED):
        return False
    stored = await ScoreResult.get(round_id=round_id)
    told = [(row["score"], row["rank"]) for row in stored.rows]
    assert told == [(one.score, one.rank) for one in recomputed(await sealed_round(found))]
    assert len(told) == await ScoreEntry.filter(round_id=round_id).count()
    return True
