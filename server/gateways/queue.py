"""The job queue: pgqueuer on the application database. A job is enqueued inside the transaction that causes it."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

import asyncpg
import structlog
from pgqueuer import PgQueuer
from pgqueuer.db import AsyncpgDriver
from pgqueuer.errors import PgqException, RetryRequested
from pgqueuer.models import Job, Schedule
from pgqueuer.queries import Queries

from server.kernel.logs import kind, told

Handler = Callable[[dict[str, Any]], Awaitable[None]]
Sweep = Callable[[], Awaitable[None]]
Connect = Callable[[], Awaitable[asyncpg.Connection]]

ATTEMPTS = 8  # then the job is held for a person to look at
AT_ONCE = 20
HEARTBEAT = timedelta(seconds=15)  # a dead worker's jobs are picked up after this
LOOK_AGAIN = timedelta(seconds=5)  # no notification tells of a worker's death, so we poll
RECONNECT_SECONDS = 1.0

log = structlog.get_logger(__name__)


class JobFailed(Exception):
    """A job failed permanently; described by kinds and places, because the queue stores the text in its own table."""


async def install(connection: asyncpg.Connection) -> None:
    """Create or upgrade the queue's own tables; safe to repeat."""
    queries = Queries(AsyncpgDriver(connection))
    if await queries.schema_is_installed():
        await queries.upgrade()
        return
    await queries.install()


async def enqueue(
    connection: asyncpg.Connection,
    job: str,
    *,
    delay: timedelta = timedelta(0),
    priority: int = 0,
    only_once: str | None = None,
    **arguments: Any,
) -> None:
    """Enqueue a job on this connection: it exists if and only if the transaction commits.

    Higher priorities go first. Of jobs with the same `only_once`, one waits or runs at a time.
    """
    payload = json.dumps(arguments).encode()
    await Queries(AsyncpgDriver(connection)).enqueue(
        job, payload, priority, execute_after=delay or None, dedupe_key=only_once, on_conflict="skip"
    )


async def enqueue_all(
    connection: asyncpg.Connection, job: str, arguments: Sequence[Mapping[str, Any]]
) -> None:
    """Enqueue one job for each of `arguments`, in one statement."""
    payloads: list[bytes | None] = [json.dumps(one).encode() for one in arguments]
    many = len(payloads)
    await Queries(AsyncpgDriver(connection)).enqueue([job] * many, payloads, [0] * many)


async def work(
    connect: Connect,
    *,
    jobs: Mapping[str, Handler],
    sweeps: Mapping[str, tuple[str, Sweep]],
    stop: asyncio.Event,
    at_once: int = AT_ONCE,
) -> None:
    """Run jobs and periodic sweeps (name: cron expression and function) until `stop`; reconnects after outages.

    A handler that raises is retried with growing pauses, and held after eight attempts. At most `at_once` jobs
    run at the same time: kinds of jobs that must not wait for each other get calls of their own.
    """
    while not stop.is_set():
        try:
            await _work_once(connect, jobs=jobs, sweeps=sweeps, stop=stop, at_once=at_once)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, RuntimeError, PgqException) as error:
            log.warning("queue_away", kind=type(error).__name__)
            await asyncio.sleep(RECONNECT_SECONDS)


async def _work_once(
    connect: Connect,
    *,
    jobs: Mapping[str, Handler],
    sweeps: Mapping[str, tuple[str, Sweep]],
    stop: asyncio.Event,
    at_once: int,
) -> None:
    connection = await connect()
    try:
        worker = PgQueuer(AsyncpgDriver(connection))
        for name, handler in jobs.items():
            worker.entrypoint(name, on_failure="hold", concurrency_limit=0)(_carrier(handler))
        for name, (when, sweep) in sweeps.items():
            worker.schedule(name, when)(_sweeper(sweep))
        halt = asyncio.create_task(_halt(worker, stop))
        try:
            await worker.run(
                dequeue_timeout=LOOK_AGAIN,
                batch_size=max(1, at_once // 2),
                max_concurrent_tasks=at_once,
                heartbeat_timeout=HEARTBEAT,
                shutdown_on_listener_failure=True,
            )
        finally:
            halt.cancel()
    finally:
        connection.terminate()


async def _halt(worker: PgQueuer, stop: asyncio.Event) -> None:
    await stop.wait()
    worker.shutdown.set()


def _carrier(handler: Handler) -> Callable[[Job], Awaitable[None]]:
    async def carry(job: Job) -> None:
        try:
            await handler(json.loads(job.payload or b"{}"))
        except asyncio.CancelledError as error:  # the process ends; pgqueuer would take the job off the queue
            raise RetryRequested from error
        except Exception as error:  # a failing job must neither vanish nor stop the worker
            log.error("job_failed", job=job.entrypoint, attempt=job.attempts, kind=type(error).__name__)
            if job.attempts >= ATTEMPTS:
                raise JobFailed(told(error)) from None
            pause = timedelta(seconds=min(600, 2**job.attempts))
            raise RetryRequested(pause, reason=kind(error)) from None

    return carry


def _sweeper(sweep: Sweep) -> Callable[[Schedule], Awaitable[None]]:
    async def run(_: Schedule) -> None:
        await sweep()

    return run
