"""Brings a database to the newest shape: `python -m server.migrating`. One at a time, by an advisory lock."""

import asyncio
import os
import sys

import asyncpg
from tortoise import Tortoise
from tortoise.migrations.api.migrate import migrate as run_migrations

from models.config import database_credentials, tortoise_config
from server.gateways import queue

LOCK = 7_202_611
NEWEST_OF_THE_FORMER_CHAIN = "0025_what_the_database_guards_of_retention_requests"
MADE_ANEW = ("0001_the_tables", "0002_what_the_database_guards")


async def migrate(url: str) -> None:
    """Apply all migrations and the queue's own schema; parallel calls wait for one another."""
    guard = await asyncpg.connect(**database_credentials(url))
    try:
        await guard.execute("SELECT pg_advisory_lock($1)", LOCK)
        await _take_over(guard)
        try:
            await run_migrations(config=tortoise_config(url, role=None, pool=2), direction="forward")
        finally:
            await Tortoise.close_connections()
        await queue.install(guard)
    finally:
        await guard.close()


async def _take_over(guard: asyncpg.Connection) -> None:
    """A database at the end of the former chain already has what the new one makes (decision 0015)."""
    if not await guard.fetchval("SELECT to_regclass('tortoise_migrations')"):
        return
    async with guard.transaction():
        if not await guard.fetchval(
            "SELECT 1 FROM tortoise_migrations WHERE name = $1", NEWEST_OF_THE_FORMER_CHAIN
        ):
            return
        await guard.execute("DELETE FROM tortoise_migrations WHERE app = 'models'")
        await guard.executemany(
            "INSERT INTO tortoise_migrations (app, name, applied_at) VALUES ('models', $1, now())",
            [(name,) for name in MADE_ANEW],
        )


if __name__ == "__main__":
    if not os.environ.get("DATABASE_URL"):
        sys.exit("DATABASE_URL is missing")
    asyncio.run(migrate(os.environ["DATABASE_URL"]))
