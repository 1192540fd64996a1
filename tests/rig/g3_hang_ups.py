"""G3: phones that hang up in the middle of a write can't starve the server."""

import asyncio
import json
import random
from statistics import median

import asyncpg

from tests.rig.drafts import Draft, a_draft
from tests.rig.outcome import Outcome
from tests.rig.servers import Estate
from tests.rig.wire import NoAnswer, ask, hang_up, written

PER_MEMBER = 30  # connections; one person may report 60 times an hour
AT_ONCE = 10
LONGEST = 0.080  # seconds into a write; on a busy machine as long as a write takes there among the others
PATIENCE = 5.0  # seconds until nothing of the storm may be left
AFTERWARDS = 50
SLOWEST = 0.300  # seconds, for all but two requests after the storm; on a busy machine as slow as before it

IN_TRANSACTION = """SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()"""
# The migrator records which tables the ledger covers; nothing reacts to that. Every other entry has a job.
TORN = """
WITH job AS (SELECT (convert_from(payload, 'UTF8')::json ->> 'entry_id')::bigint AS entry_id
             FROM pgqueuer WHERE entrypoint = 'react')
SELECT (SELECT count(*) FROM observation o WHERE NOT EXISTS
           (SELECT 1 FROM journal_entry j WHERE j.subject_id = o.id AND j.deed = 'observation.submitted'))
     + (SELECT count(*) FROM journal_entry j WHERE j.deed = 'observation.submitted'
           AND NOT EXISTS (SELECT 1 FROM observation o WHERE o.id = j.subject_id))
     + (SELECT count(*) FROM observation o WHERE jsonb_array_length(o.body -> 'photos') <>
           (SELECT count(*) FROM manifest_line m WHERE m.subject_id = o.id))
     + (SELECT count(*) FROM journal_entry j WHERE j.deed <> 'ledger.covered'
           AND (SELECT count(*) FROM job WHERE job.entry_id = j.id) <> 1)
     + (SELECT count(*) FROM job WHERE NOT EXISTS (SELECT 1 FROM journal_entry j WHERE j.id = job.entry_id))
"""
DOUBLED = "SELECT count(*) - count(DISTINCT client_id) FROM observation"


async def hang_ups(*, connections: int, seed: int, change: tuple[str, ...] = ()) -> Outcome:
    """Hang up `connections` times on one server with five database connections, then check what is left."""
    dice = random.Random(seed)
    outcome = Outcome("G3", seed)
    async with Estate(servers=1, worker=False, change=["small_pool", *change]) as estate:
        calm_one, *members, _ = await estate.found(2 + connections // PER_MEMBER)
        drafts = [a_draft(dice.choice(members), dice=dice, pictures=1) for _ in range(connections)]
        calm = await _all_again(
            [a_draft(calm_one, dice=dice) for _ in range(AFTERWARDS)], port=estate.port(0)
        )
        longest = max(LONGEST, 4 * median(took for _, took in calm))
        await _storm(drafts, port=estate.port(0), dice=dice, longest=longest)
        database = await asyncpg.connect(estate.database_url)
        try:
            stuck = await _settled(database)
            written_down = {str(row[0]) for row in await database.fetch("SELECT client_id FROM observation")}
            # A few are enough evidence when all would hang.
            again = dice.sample(drafts, 3 if stuck else AFTERWARDS)
            answers = await _all_again(again, port=estate.port(0))
            expected = [200 if draft.client_id in written_down else 201 for draft in again]
            outcome.seen = {"connections": connections, "rows": len(written_down) - AFTERWARDS}
            before, after = _nearly_slowest(calm), _nearly_slowest(answers)
            outcome.faults = {
                "idle_in_transaction": stuck,
                "refused_afterwards": sum(status not in (200, 201) for status, _ in answers),
                "forgotten": sum(status != due for (status, _), due in zip(answers, expected, strict=True)),
                "slow_afterwards": int(after > max(SLOWEST, 3 * before)),
                "torn": await database.fetchval(TORN),
                "doubled": await database.fetchval(DOUBLED),
                "no_writes": int(len(written_down) - AFTERWARDS < connections // 20),
            }
        finally:
            await database.close()
    return outcome


async def _storm(drafts: list[Draft], *, port: int, dice: random.Random, longest: float) -> None:
    turns = asyncio.Semaphore(AT_ONCE)

    async def drop(draft: Draft, after: float) -> None:
        request = written("PUT", draft.path, token=draft.token, body=json.dumps(draft.body).encode())
        async with turns:
            await hang_up(port, request, after=after)

    await asyncio.gather(*(drop(draft, dice.uniform(0, longest)) for draft in drafts))


async def _settled(database: asyncpg.Connection) -> int:
    """Return how many sessions are in a transaction: zero, or the rest when patience ends."""
    until = asyncio.get_running_loop().time() + PATIENCE
    while (stuck := await database.fetchval(IN_TRANSACTION)) and asyncio.get_running_loop().time() < until:
        await asyncio.sleep(0.1)
    return int(stuck)


def _nearly_slowest(answers: list[tuple[int, float]]) -> float:
    return sorted(took for _, took in answers)[-2]


async def _all_again(drafts: list[Draft], *, port: int) -> list[tuple[int, float]]:
    """Send every report, one after another; after three without an answer, give up on the rest."""
    answers: list[tuple[int, float]] = []
    for draft in drafts:
        starved = sum(status == 0 for status, _ in answers) >= 3
        answers.append((0, PATIENCE) if starved else await _again(draft, port=port))
    return answers


async def _again(draft: Draft, *, port: int) -> tuple[int, float]:
    """Send a report as its phone would; return (status, seconds), status 0 if no answer comes."""
    started = asyncio.get_running_loop().time()
    try:
        async with asyncio.timeout(PATIENCE):
            body = json.dumps(draft.body).encode()
            status = (await ask(port, "PUT", draft.path, token=draft.token, body=body)).status
    except (NoAnswer, TimeoutError):
        status = 0
    return status, asyncio.get_running_loop().time() - started
