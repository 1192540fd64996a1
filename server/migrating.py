"""Brings a database to the newest shape: `python -m server.migrating`. One at a time, by an advisory lock."""

import asyncio
import os
import sys
from typing import Any

import asyncpg
from tortoise import Tortoise
from tortoise.migrations.api.migrate import migrate as run_migrations

from models.config import database_credentials, tortoise_config
from models.covered import COVERED
from server.gateways import queue

LOCK = 7_202_611
NEWEST_OF_THE_FORMER_CHAIN = "0025_what_the_database_guards_of_retention_requests"
AS_IT_IS = """
SELECT c.apart = $2 AND c.shape = ledger.shape_of(c.name::regclass, ledger.columns_of(c.name::regclass, c.apart))
FROM ledger.covered c WHERE c.name = $1
"""
MADE_ANEW = ("0001_the_tables", "0002_what_the_database_guards")


async def migrate(url: str) -> None:
    """Apply all migrations and the queue's own schema; parallel calls wait for one another."""
    guard = await asyncpg.connect(**database_credentials(url))
    try:
        await guard.execute("SELECT pg_advisory_lock($1)", LOCK)
        await _take_over(guard)
        try:
            await run_migrations(config=_as_a_migration(url), direction="forward")
        finally:
            await Tortoise.close_connections()
        await _cover(guard)
        await queue.install(guard)
    finally:
        await guard.close()


def _as_a_migration(url: str) -> dict[str, Any]:
    """Settings under which the database enters itself what a migration changes in covered tables."""
    config = tortoise_config(url, role=None, pool=2)
    config["connections"]["default"]["credentials"]["server_settings"]["ledger.migrating"] = "yes"
    return config


async def _cover(guard: asyncpg.Connection) -> None:
    """Cover what carries evidence and is not covered as it is now; open an era where the database was restored."""
    async with guard.transaction():
        await guard.execute("SELECT ledger.open_era()")
        for table, apart in COVERED.items():
            if not await guard.fetchval(AS_IT_IS, table, list(apart)):
                await guard.execute("SELECT ledger.cover($1::text::regclass, $2)", table, list(apart))


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
