"""The watch over the database: only a server that does not answer counts as away."""

import asyncio
import time

import asyncpg
import pytest

from models import safe_asyncpg, watching
from models.config import database_credentials
from models.safe_asyncpg import POOL_WAIT_SECONDS, client_class
from models.watching import AWAY_SECONDS, EVERY_SECONDS


@pytest.fixture
async def client(database_url, monkeypatch):
    """One watched connection to a real database, with the product's own limits."""
    monkeypatch.setattr(watching, "AWAY_SECONDS", AWAY_SECONDS)
    monkeypatch.setattr(safe_asyncpg, "POOL_WAIT_SECONDS", POOL_WAIT_SECONDS)
    client = client_class(
        **database_credentials(database_url), minsize=1, maxsize=1, connection_name="watched"
    )
    yield client
    await client.close()


async def test_a_stalled_event_loop_is_not_taken_for_a_database_that_is_away(client):
    await client.execute_query("SELECT 1")
    for _ in range(3):
        await asyncio.sleep(EVERY_SECONDS * 1.1)  # a query is in progress
        time.sleep(AWAY_SECONDS * 1.2)
    await asyncio.sleep(EVERY_SECONDS)
    assert (client.watch.is_late, client.watch.times_away) == (False, 0)


async def test_whoever_waits_too_long_for_a_free_connection_is_told_so(client):
    async with client.acquire_connection():
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            await client.execute_query("SELECT 1")
    assert POOL_WAIT_SECONDS * 0.9 < time.monotonic() - began < POOL_WAIT_SECONDS + 2
    await client.execute_query("SELECT 1")


async def test_a_closed_pool_leaves_no_watch_behind(client, database_url):
    looker = await asyncpg.connect(database_url)
    lines = (
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'duchatong watch' AND datname = $1"
    )

    async def watches(are_there):
        async with asyncio.timeout(5):
            while not are_there(await looker.fetchval(lines, client.database)):
                await asyncio.sleep(0.05)

    try:
        others = await looker.fetchval(lines, client.database)  # the servers of other tests in this process
        await client.execute_query("SELECT 1")
        await watches(lambda count: count == others + 1)
        await client.close()
        await watches(lambda count: count == others)
    finally:
        await looker.close()


async def test_what_is_dialled_while_the_database_is_away_is_refused_at_once(client):
    await client.execute_query("SELECT 1")
    client.watch.is_away = True
    with pytest.raises(ConnectionRefusedError):
        await client.line()
