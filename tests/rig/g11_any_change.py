"""G11: verification finds each of 300 attacks on the ledger, 25 kinds at random, and nothing without an attack."""

import asyncio
import random
import shutil
import sys
from pathlib import Path

import asyncpg

from server.verifying import Progress, examine
from tests.rig.ledger_attacks import ATTACKS, Attack, Attacker, Unfit
from tests.rig.outcome import Outcome
from tests.rig.servers import Estate

DRAWS = 60
LAST_DEEDS = 8
A_DEED = """
WITH made AS (INSERT INTO organisation (id, code, name, short_name, kind, path, sort_order, created_at)
    SELECT gen_random_uuid(), c, c, '新', 'responsible_unit', '/' || c || '/', 0, now()
    FROM (SELECT 'new' || nextval('ledger.version_no')::text AS c) n RETURNING id)
SELECT ledger.enter('ledger.migrated', '{}') FROM made
"""
EVERY_BLOCK = """
SELECT json_build_object('at', at, 'block', id, 'hash', encode(hash, 'hex'))::text FROM ledger.block WHERE size > 0
ORDER BY id
"""


async def any_change(*, rounds: int, seed: int, change: tuple[str, ...] = ()) -> Outcome:
    """Attack the demo world `rounds` times with each kind; `change` weakens the verification."""
    async with Estate(servers=0) as estate:
        filling = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "server.trial.filling", str(estate.folder / "sign-ins.json")),
            env=estate.environment,
        )
        if await filling.wait():
            raise RuntimeError("the demo world was not built")
        for worker in estate.workers:
            worker.kill()
        return await assail(
            estate.database_url, folder=estate.folder, rounds=rounds, seed=seed, change=change
        )


async def assail(
    url: str,
    *,
    folder: Path,
    rounds: int,
    seed: int,
    attacks: tuple[Attack, ...] = ATTACKS,
    change: tuple[str, ...] = (),
) -> Outcome:
    """Seal the current state and anchor every block, then attack, verify and undo, repeatedly."""
    outcome = Outcome("G11", seed, faults={"false_alarms": 0, "missed": 0})
    dice, anchors = random.Random(seed), folder / "all-anchors.log"
    line = await asyncpg.connect(url, statement_cache_size=0)  # attacks alter tables
    try:
        for _ in range(LAST_DEEDS):
            await line.execute(A_DEED)
            await line.execute("SELECT ledger.close_block()")
        lines = [row[0] for row in await line.fetch(EVERY_BLOCK)]
        anchors.write_text("".join(f"{one}\n" for one in lines), "utf-8")
        async with line.transaction():
            untouched = await examine(line, anchors=anchors, progress=Progress())
        outcome.notes += untouched.faults
        outcome.faults["false_alarms"] = len(untouched.faults)
        outcome.seen = {"versions": untouched.counted["versions"], "blocks": len(lines), "attacks": 0}
        for attack in attacks:
            for _ in range(rounds):
                found = await _attacked(line, attack, dice=dice, anchors=anchors, change=change)
                outcome.seen["attacks"] += 1
                if not found:
                    outcome.faults["missed"] += 1
                    outcome.notes.append(f"missed: {attack.__name__}")
    finally:
        await line.close()
    return outcome


async def _attacked(
    line: asyncpg.Connection, attack: Attack, *, dice: random.Random, anchors: Path, change: tuple[str, ...]
) -> bool:
    copy = anchors.with_name("anchors-copy.log")
    for _ in range(DRAWS):
        shutil.copy(anchors, copy)
        whole = line.transaction()
        await whole.start()
        try:
            await line.execute("SET LOCAL session_replication_role = replica")
            await attack(Attacker(line, dice=dice, anchors=copy))
            told = await examine(line, anchors=None if "no_anchors" in change else copy, progress=Progress())
            return bool(told.faults)
        except Unfit:
            continue
        finally:
            await whole.rollback()
    raise RuntimeError(f"{attack.__name__} never fitted")
