"""The job queue: pgqueuer on the application database. A job is enqueued inside the transaction of its deed."""

import json
from datetime import timedelta
from typing import Any

import asyncpg
from pgqueuer.db import AsyncpgDriver
from pgqueuer.queries import Queries


async def install(connection: asyncpg.Connection) -> None:
    """Create or upgrade the queue's own tables; safe to repeat."""
    queries = Queries(AsyncpgDriver(connection))
    if await queries.schema_is_installed():
        await queries.upgrade()
        return
    await queries.install()


async def enqueue(
    connection: asyncpg.Connection, job: str, *, delay: timedelta = timedelta(0), **arguments: Any
) -> None:
    """Put a job on the queue with this very connection: it exists if and only if its transaction commits."""
    payload = json.dumps(arguments).encode()
    await Queries(AsyncpgDriver(connection)).enqueue(job, payload, execute_after=delay or None)
