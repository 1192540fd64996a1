"""Tortoise's asyncpg engine, made safe against cancellation.

Sanic cancels a handler when the phone hangs up. Tortoise 1.1.9 then leaks the pooled connection if the cancel
arrives while a transaction begins or ends (tortoise/tortoise-orm#1438); here a begin that fails gives its
connection back, and an end that is cancelled still ends. tests/rig/test_g3.py fails without this.
"""

import asyncio
from types import TracebackType
from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import TransactionContextPooled
from tortoise.connection import get_connections

POOL_WAIT_SECONDS = 3


class SafeTransaction(TransactionContextPooled):
    """A pooled transaction that never keeps its connection, however it is left."""

    async def __aenter__(self) -> Any:
        await self.ensure_connection()
        pool = self.client._parent._pool
        connection = await pool.acquire(timeout=POOL_WAIT_SECONDS)
        self.client._connection = connection
        self.token = get_connections().set(self.connection_name, self.client)
        try:
            await self.client.begin()
        except BaseException:
            get_connections().reset(self.token)
            await asyncio.shield(pool.release(connection))
            raise
        return self.client

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        ending = asyncio.ensure_future(self._end(failed=kind is not None))
        try:
            await asyncio.shield(ending)
        except asyncio.CancelledError:
            await asyncio.wait([ending])
            raise
        finally:
            get_connections().reset(self.token)

    async def _end(self, *, failed: bool) -> None:
        try:
            if not self.client._finalized:
                await (self.client.rollback() if failed else self.client.commit())
        finally:
            if self.client._parent._pool:
                await self.client._parent._pool.release(self.client._connection)


class client_class(AsyncpgDBClient):  # noqa: N801 - the name Tortoise looks for in an engine module
    """The client Tortoise opens for every connection of ours."""

    async def create_pool(self, **options: Any) -> asyncpg.Pool:
        """A pool whose connections say in one way that there is no server."""
        return await asyncpg.create_pool(None, connect=_connect, **options)

    def _in_transaction(self) -> Any:
        return SafeTransaction(TransactionWrapper(self), self._pool_init_lock)


async def _connect(*where: Any, **options: Any) -> asyncpg.Connection:
    """A connection; a socket whose file is gone is refused like a port where nobody listens."""
    try:
        return await asyncpg.connect(*where, **options)
    except FileNotFoundError as error:
        raise ConnectionRefusedError(*error.args) from error
