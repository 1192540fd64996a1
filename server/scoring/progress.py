"""Progress of a round: counts by entry for a public screen, by judge for the office; no scores."""

from uuid import UUID

from msgspec import Struct
from tortoise import connections

from models import Recusal, ScoreEntry, ScoreJudge
from server.people import Actor
from server.scoring.fetching import round_seen_by
from server.scoring.reviewing import all_given
from server.scoring.round_keys import key_of
from server.scoring.states import BEFORE_SEAL, MACHINE
from server.tools import Tools

BY_ENTRY = """
SELECT e.id, e.name,
    (SELECT count(*) FROM ballot b WHERE b.entry_id = e.id AND b.state = 'submitted')
        + (SELECT count(*) FROM sealed_ballot s WHERE s.entry_id = e.id) AS submitted,
    (SELECT count(*) FROM score_judge j WHERE j.round_id = e.round_id)
        - (SELECT count(*) FROM recusal r WHERE r.entry_id = e.id) AS expected
FROM score_entry e WHERE e.round_id = $1 ORDER BY e.position
"""


class EntryProgress(Struct, frozen=True):
    """How many non-recused judges submitted for an entry; after the seal, how many ballots count."""

    entry: UUID
    name: str
    submitted: int
    expected: int


class JudgeProgress(Struct, frozen=True):
    """How many of a judge's entries are scored."""

    judge: UUID
    person: UUID
    done: int
    of: int


async def progress_by_entry(round_id: UUID) -> list[EntryProgress]:
    """Return counts for the public screen, without names or scores. The caller checks the reader's permission."""
    rows = await connections.get("default").execute_query_dict(BY_ENTRY, [str(round_id)])
    return [EntryProgress(row["id"], row["name"], row["submitted"], row["expected"]) for row in rows]


async def progress_by_judge(round_id: UUID, *, by: Actor, tools: Tools) -> list[JudgeProgress]:
    """Return the progress of each judge, for reminders; raises NoSuchThing, and WrongRoundStep after the seal."""
    found = await round_seen_by(by, round_id)
    MACHINE.check_state(found, BEFORE_SEAL)
    given = await all_given(round_id, await key_of(round_id, tools=tools))
    entries = await ScoreEntry.filter(round_id=round_id).count()
    recused = [one.judge_id for one in await Recusal.filter(judge__round_id=round_id)]
    return [
        JudgeProgress(
            judge.id,
            judge.person_id,
            sum(one.judge.id == judge.id for one in given),
            entries - recused.count(judge.id),
        )
        for judge in await ScoreJudge.filter(round_id=round_id).order_by("id")
    ]
