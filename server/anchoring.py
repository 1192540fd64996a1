"""The ledger's rhythm: blocks every half second, and anchors of them where the database can't reach.

Whoever rewrites history or cuts its end is shown by an anchor from before (reliability R4.5).
"""

import asyncio
import json
import os
from datetime import datetime
from pathlib import Path

import structlog
from tortoise import connections
from tortoise.exceptions import BaseORMException

from server.work import AWAY

PAUSE_SECONDS = 0.5
LAST = "SELECT id, encode(hash, 'hex') AS hash FROM ledger.block ORDER BY id DESC LIMIT 1"

log = structlog.get_logger(__name__)


async def close_block() -> int:
    """Commit to everything that was written since the last block; returns how many transactions, 0 for no block."""
    (row,) = await connections.get("default").execute_query_dict("SELECT ledger.close_block() AS size")
    size: int = row["size"]
    return size


async def close_blocks(*, stop: asyncio.Event) -> None:
    """Close a block every half second until `stop`; where the database is away, it is tried again."""
    while not stop.is_set():
        try:
            await close_block()
        except (BaseORMException, *AWAY) as error:
            log.warning("no_block", kind=type(error).__name__)
        try:
            async with asyncio.timeout(PAUSE_SECONDS):
                await stop.wait()
        except TimeoutError:
            continue


async def anchor(path: Path, *, now: datetime) -> str:
    """Append number and hash of the last block to the file, for its owner alone and flushed; returns the line."""
    (last,) = await connections.get("default").execute_query_dict(LAST)
    line = json.dumps({"at": now.isoformat(), "block": last["id"], "hash": last["hash"]})
    await asyncio.to_thread(_append, path, line)
    return line


def _append(path: Path, line: str) -> None:
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.fchmod(file, 0o600)
        os.write(file, f"{line}\n".encode())
        os.fsync(file)
    finally:
        os.close(file)
