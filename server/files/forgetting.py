"""Deletes files that no record named within a day, and their bytes once nobody's record needs them."""

from datetime import datetime, timedelta

from tortoise import connections

from models import FileArrival
from server.gateways.storage import Storage
from server.kernel.unit_of_work import unit_of_work

A_DAY = timedelta(days=1)
AT_ONCE = 200
ALONE = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
TOGETHER = "SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))"
UNNAMED = """
DELETE FROM file_arrival a WHERE a.id IN (
  SELECT w.id FROM file_arrival w WHERE w.received_at < $1 AND NOT EXISTS (
    SELECT FROM file_line l WHERE l.announced_by_id = w.sent_by_id AND l.sha256 = w.sha256)
  ORDER BY w.received_at LIMIT $2)
RETURNING a.key
"""


async def forget_files(*, storage: Storage, now: datetime) -> int:
    """Delete files that nothing named within a day, and bytes that a crash left; return how many files."""
    keys = await _forget_unnamed(now - A_DAY)
    strays = [key async for key in storage.keys("files", older_than=now - A_DAY)]
    for key in {*keys, *strays}:
        await drop(key, storage=storage)
    return len(keys)


@unit_of_work
async def drop(key: str, *, storage: Storage) -> None:
    """Remove the bytes under a key unless a file uses them; who stores the same bytes at that moment waits."""
    await connections.get("default").execute_query(ALONE, [key])
    if not await FileArrival.exists(key=key):
        await storage.remove(key)


async def hold(key: str) -> None:
    """Keep `drop` away from a key until this unit of work ends."""
    await connections.get("default").execute_query(TOGETHER, [key])


@unit_of_work
async def _forget_unnamed(before: datetime) -> list[str]:
    rows = await connections.get("default").execute_query_dict(UNNAMED, [before, AT_ONCE])
    return [row["key"] for row in rows]
