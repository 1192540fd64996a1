"""G6: a message is sent, or somebody sees that it was not; nothing arrives twice unless its outcome was unknown."""

import asyncio
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import asyncpg

from server.fake_wechat.loopback import loopback
from tests.rig.outcome import Outcome
from tests.rig.reminding import begins, looked_at
from tests.rig.servers import Estate, Program

SEND = "cgi-bin/message/subscribe/send"
# Kind, value and share of the calls: what may go wrong between the office and WeChat.
FAULTS = [
    ("swallow", 0, 0.20),
    ("status", 502, 0.10),
    ("errcode", 40001, 0.05),
    ("errcode", 43101, 0.05),
    ("errcode", 45009, 0.02),
    ("garbage", 0, 0.01),
]
FINAL = {"sent", "delivered", "opened", "unknown", "failed", "withdrawn"}
ROUNDS = 400


async def sent_or_seen(*, messages: int, kills: int, seed: int, change: tuple[str, ...] = ()) -> Outcome:
    """Send that many messages through a WeChat that fails in every way, killing the sender again and again."""
    outcome = Outcome("G6", seed)
    async with Estate(servers=0, worker=False) as estate:
        outcome.seen["planned"] = int(await estate.run("tests.rig.reminding", "found", str(messages)))
        clock = estate.folder / "clock"
        begins(clock)
        await _order_faults(estate)
        database = await asyncpg.connect(estate.database_url)
        try:
            await _storm(
                estate,
                database,
                clock,
                kills=kills,
                change=change,
                dice=random.Random(seed),
                seen=outcome.seen,
            )
            await _judge(estate, database, messages=messages, outcome=outcome)
        finally:
            await database.close()
    return outcome


async def _order_faults(estate: Estate) -> None:
    async with loopback(base_url=f"{estate.environment['WECHAT_BASE_URL']}/_control", timeout=30) as wechat:
        for kind, value, share in FAULTS:
            fault = {"path": SEND, "kind": kind, "value": value, "share": share, "times": 10**6}
            (await wechat.post("/faults", json=fault)).raise_for_status()


async def _storm(
    estate: Estate,
    database: asyncpg.Connection,
    clock: Path,
    *,
    kills: int,
    change: tuple[str, ...],
    dice: random.Random,
    seen: dict[str, int],
) -> None:
    """Kill the sender so often, then let it finish; the clock goes on once it has looked, by minutes, later by more."""
    sender = Program(
        "tests.rig.reminding",
        "send",
        str(clock),
        *change,
        environment=estate.environment,
        log=estate.folder / "sender.log",
    )
    seen["kills"] = 0
    for _ in range(ROUNDS):
        sender.start()
        if seen["kills"] < kills:
            await asyncio.sleep(dice.uniform(0.4, 1.2))
        else:
            await _has_looked(clock)
        if seen["kills"] < kills and await _is_sending(database):
            seen["kills"] += sender.kill()
        elif await _is_done(database) and seen["kills"] >= kills:
            break
        minutes = 3 if seen["kills"] < kills else 45
        clock.write_text(str(float(clock.read_text()) + minutes * 60))
    sender.kill()


async def _has_looked(clock: Path) -> None:
    """Wait until the sender has looked at everything at the time that the clock tells now."""
    async with asyncio.timeout(120):
        while not looked_at(clock).exists() or looked_at(clock).read_text() != clock.read_text():
            await asyncio.sleep(0.02)


async def _is_sending(database: asyncpg.Connection) -> bool:
    return bool(await database.fetchval("SELECT count(*) FROM delivery")) and not await _is_done(database)


async def _is_done(database: asyncpg.Connection) -> bool:
    waiting = await database.fetchval(
        "SELECT (SELECT count(*) FROM delivery WHERE state IN ('planned', 'held'))"
        " + (SELECT count(*) FROM reminder WHERE next_at IS NOT NULL)"
    )
    return waiting == 0


async def _judge(estate: Estate, database: asyncpg.Connection, *, messages: int, outcome: Outcome) -> None:
    async with loopback(base_url=f"{estate.environment['WECHAT_BASE_URL']}/_control", timeout=60) as wechat:
        accepted: list[dict[str, Any]] = (await wechat.get("/messages")).json()
    arrived = Counter(str(one["page"]).rpartition("m=")[2] for one in accepted)
    rows = await database.fetch(
        "SELECT id::text, state, failure, urgency, seen_at, settled_at > until_at + interval '1 hour' AS late, tries"
        " FROM delivery"
    )
    was_unknown = {
        row["id"]: any(one["outcome"] == "unknown" for one in json.loads(row["tries"])) for row in rows
    }
    listed = {row["id"] for row in rows if row["state"] in ("failed", "unknown") and row["seen_at"] is None}
    states = Counter(row["state"] for row in rows)
    outcome.seen |= {f"state_{state}": count for state, count in states.items()}
    outcome.seen["copies"] = sum(count - 1 for count in arrived.values())
    outcome.faults |= {
        "not_final": sum(row["state"] not in FINAL or bool(row["late"]) for row in rows),
        "lost": sum(row["state"] == "sent" and not arrived[row["id"]] for row in rows),
        "doubled": sum(
            arrived[row["id"]] > (2 if row["urgency"] == "letter" and was_unknown[row["id"]] else 1)
            for row in rows
        ),
        "unlisted": sum(row["state"] in ("failed", "unknown") and row["id"] not in listed for row in rows),
        "unseen": sum(not arrived[row["id"]] and row["id"] not in listed for row in rows),
        "without_inbox": messages
        - await database.fetchval("SELECT count(*) FROM inbox_message WHERE reminder_id IS NOT NULL"),
        "without_message": messages
        - await database.fetchval("SELECT count(DISTINCT reminder_id) FROM delivery_reminder"),
    }
