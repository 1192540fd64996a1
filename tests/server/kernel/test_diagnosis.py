"""What stopped a statement is told as it is: a lock is somebody else, a time limit is too much at once."""

import asyncpg
import pytest
from tortoise import connections

from server.kernel.unit_of_work import Busy, TooMuchAtOnce, unit_of_work
from server.web.door.problems import as_refusal

TOO_LONG = "SET LOCAL statement_timeout = 50; SELECT pg_sleep(10)"
HELD = "SET LOCAL lock_timeout = 50; SELECT 1 FROM organisation FOR UPDATE"


@unit_of_work
async def run(statement):
    for one in statement.split(";"):
        await connections.get("default").execute_query(one)


async def test_a_statement_past_its_time_is_not_told_as_somebody_elses_work(office):
    with pytest.raises(TooMuchAtOnce):
        await run(TOO_LONG)


async def test_a_lock_that_is_held_is_told_as_somebody_elses_work(office, database_url):
    line = await asyncpg.connect(database_url)
    async with line.transaction():
        await line.execute("SELECT 1 FROM organisation FOR UPDATE")
        with pytest.raises(Busy):
            await run(HELD)
    await line.close()


def test_both_counters_translate_alike():
    assert isinstance(as_refusal(asyncpg.QueryCanceledError()), TooMuchAtOnce)
    assert isinstance(as_refusal(asyncpg.LockNotAvailableError()), Busy)
    assert isinstance(as_refusal(asyncpg.DeadlockDetectedError()), Busy)
