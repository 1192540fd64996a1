"""Connections are reused without a query to the server, and carry nothing over."""

import asyncpg
import pytest

from models.safe_asyncpg import PooledConnection

LOCKS = """SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""


@pytest.fixture
async def pool(database_url):
    async with asyncpg.create_pool(
        database_url,
        min_size=1,
        max_size=1,
        connection_class=PooledConnection,
        server_settings={"role": "duchatong_app", "lock_timeout": "2000"},
    ) as pool:
        yield pool


async def test_a_transaction_left_open_is_rolled_back_with_what_it_set(pool):
    async with pool.acquire() as connection:
        await connection.execute("BEGIN; SET LOCAL lock_timeout = 1; SELECT pg_advisory_xact_lock(7)")
    async with pool.acquire() as connection:
        assert not connection.is_in_transaction()
        assert await connection.fetchval("SHOW lock_timeout") == "2s"
        assert await connection.fetchval(LOCKS) == 0


async def test_the_servers_role_stays(pool):
    for _ in range(2):
        async with pool.acquire() as connection:
            assert await connection.fetchval("SELECT current_user") == "duchatong_app"


async def test_a_release_asks_the_server_nothing(pool):
    said = []
    async with pool.acquire() as connection:
        connection.add_query_logger(lambda query: said.append(query.query))
        await connection.fetchval("SELECT 1")
    async with pool.acquire():
        assert said == ["SELECT 1"]
