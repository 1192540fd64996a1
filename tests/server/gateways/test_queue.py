"""Jobs exist if and only if their transaction committed, and survive every worker."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from server.gateways import queue

JOBS = "SELECT status::text FROM pgqueuer ORDER BY id"
PICKED = """UPDATE pgqueuer
SET status = 'picked', queue_manager_id = gen_random_uuid(), heartbeat = now() - $1::interval"""
CUT = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE query LIKE '%pgqueuer%' AND pid <> pg_backend_pid() AND datname = current_database()"""


class Desk:
    """A database with an empty queue, and workers that use it."""

    def __init__(self, url: str, database: asyncpg.Connection) -> None:
        self.url, self.database = url, database
        self.done: list[dict] = []
        self.stop = asyncio.Event()

    async def enqueue(self, **arguments) -> None:
        await queue.enqueue(self.database, "count", **arguments)

    async def connect(self) -> asyncpg.Connection:
        return await asyncpg.connect(self.url)

    async def states(self) -> list[str]:
        return [row["status"] for row in await self.database.fetch(JOBS)]

    def work(self, handler=None) -> asyncio.Task:
        async def count(arguments):
            self.done.append(arguments)

        jobs = {"count": handler or count}
        return asyncio.create_task(queue.work(self.connect, jobs=jobs, sweeps={}, stop=self.stop))

    async def grow_old(self) -> None:
        """Make all jobs belong to a worker that has not been heard of for too long."""
        await self.database.execute(PICKED, queue.HEARTBEAT + timedelta(seconds=1))

    async def until(self, probe) -> None:
        async with asyncio.timeout(
            90
        ):  # a dead worker is noticed after fifteen seconds, on a busy machine later
            while not await probe():
                await asyncio.sleep(0.02)

    async def until_empty(self) -> None:
        async def is_empty():
            return not await self.states()

        await self.until(is_empty)


@pytest.fixture
async def desk(database_url):
    database = await asyncpg.connect(database_url)
    await database.execute("DELETE FROM pgqueuer")
    desk = Desk(database_url, database)
    yield desk
    desk.stop.set()
    await database.close()


async def test_a_job_of_a_deed_that_was_rolled_back_does_not_exist(desk):
    transaction = desk.database.transaction()
    await transaction.start()
    await desk.enqueue(number=1)
    await transaction.rollback()
    await desk.enqueue(number=2)
    worker = desk.work()
    await desk.until_empty()
    assert desk.done == [{"number": 2}]
    desk.stop.set()
    await worker


async def test_the_job_of_a_worker_that_died_is_taken_up(desk):
    await desk.enqueue(number=1)
    await desk.grow_old()
    worker = desk.work()
    await desk.until_empty()
    assert desk.done == [{"number": 1}]
    desk.stop.set()
    await worker


async def test_a_job_that_fails_is_tried_again_and_does_not_stop_the_others(desk):
    tried = []

    async def fail_once(arguments):
        tried.append(arguments["number"])
        if tried == [1]:
            raise RuntimeError("no")

    await desk.enqueue(number=1)
    await desk.enqueue(number=2)
    worker = desk.work(fail_once)
    await desk.until_empty()
    assert sorted(tried) == [1, 1, 2]
    desk.stop.set()
    await worker


async def test_a_process_that_ends_in_the_middle_of_a_job_leaves_it_to_the_next(desk):
    async def a_short_life():
        begun = asyncio.Event()

        async def never_end(_):
            begun.set()
            await asyncio.Event().wait()

        worker = asyncio.create_task(
            queue.work(desk.connect, jobs={"count": never_end}, sweeps={}, stop=asyncio.Event())
        )
        await begun.wait()
        return worker  # asyncio.run cancels whatever is still running

    await desk.enqueue(number=1)
    await asyncio.to_thread(asyncio.run, a_short_life())
    await desk.grow_old()

    successor = desk.work()
    await desk.until_empty()
    assert desk.done == [{"number": 1}]
    desk.stop.set()
    await successor


async def test_a_worker_whose_line_is_cut_comes_back(desk):
    worker = desk.work()

    async def is_cut():
        return await desk.database.fetch(CUT)

    await desk.until(is_cut)
    await desk.enqueue(number=1)
    await desk.until_empty()
    assert desk.done == [{"number": 1}]
    desk.stop.set()
    await worker
