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


async def migrate(url: str) -> None:
    """Apply all migrations and the queue's own schema; parallel calls wait for one another."""
    guard = await asyncpg.connect(**database_credentials(url))
    try:
        await guard.execute("SELECT pg_advisory_lock($1)", LOCK)
        try:
            await run_migrations(config=tortoise_config(url, role=None, pool=2), direction="forward")
        finally:
            await Tortoise.close_connections()
        await queue.install(guard)
    finally:
        await guard.close()


if __name__ == "__main__":
    if not os.environ.get("DATABASE_URL"):
        sys.exit("DATABASE_URL is missing")
    asyncio.run(migrate(os.environ["DATABASE_URL"]))
