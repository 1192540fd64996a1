"""The unit of work: one transaction that a client's hang-up can't interrupt; it commits or rolls back whole."""

import asyncio
import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

import asyncpg
import structlog
from tortoise import connections
from tortoise.transactions import in_transaction

from models.config import APP_ROLE
from server.kernel.refusal import Refusal

P = ParamSpec("P")
T = TypeVar("T")

log = structlog.get_logger(__name__)
_live: set[asyncio.Task[Any]] = set()
_inside: ContextVar[bool] = ContextVar("inside_a_deed", default=False)
_afterwards: ContextVar[list[Callable[[], None]] | None] = ContextVar("after_a_commit", default=None)

BUSY = (
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.SerializationError,
)
CUT_OFF = asyncpg.QueryCanceledError  # a statement reached `statement_timeout`, whoever else was there
AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InterfaceError,
    asyncpg.InsufficientResourcesError,  # no disk space, no memory, no connection left
    ConnectionError,
    TimeoutError,
)


class Busy(Refusal):
    """Somebody else is changing the same thing right now."""

    status = 409
    message_zh = "别的操作正在处理同一件事。"
    hint_zh = "请稍等几秒再试一次，您填写的内容没有丢。"
    retry = "same"


class TooMuchAtOnce(Refusal):
    """The database stopped a statement at its time limit; it left nothing behind."""

    status = 503
    message_zh = "内容太多，5秒内没有算完，已经停下，什么都没有改动。"
    hint_zh = "请缩小范围再试，例如选定年度、单位或一个月；仍然不行请告诉管理员。"
    retry = "later"


class DatabaseAway(Refusal):
    """The database can't be reached; nothing was written that was not acknowledged."""

    status = 503
    message_zh = "系统正在恢复，暂时不能保存。"
    hint_zh = "请过一会儿再试，没有提交成功的内容仍保存在您的手机或页面上。"
    retry = "same"


def away(error: BaseException) -> DatabaseAway:
    """Build the refusal for a database that has no connection or no disk space left."""
    is_full = isinstance(error, asyncpg.DiskFullError)
    return DatabaseAway("服务器空间不足，暂时不能保存。") if is_full else DatabaseAway()


def unit_of_work(verb: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Make an action a unit of work: one transaction in its own task, shielded from cancellation of the caller.

    Called inside another unit of work, it joins that transaction. Raises Busy on lock conflicts, TooMuchAtOnce when a
    statement is stopped, DatabaseAway when the database can't be reached. Why shielded: reliability-security §0.1, W1.
    """

    @functools.wraps(verb)
    async def do(*args: P.args, **kwargs: P.kwargs) -> T:
        if _inside.get():
            return await verb(*args, **kwargs)
        return await run_unit_of_work(functools.partial(verb, *args, **kwargs))

    return do


async def run_unit_of_work(act: Callable[[], Awaitable[T]]) -> T:
    """Run `act` in one transaction that continues when the caller is cancelled."""
    task = asyncio.create_task(_transact(act))
    _live.add(task)
    task.add_done_callback(_let_go)
    return await asyncio.shield(task)


def begin(act: Coroutine[Any, Any, object]) -> None:
    """Start something that nobody waits for, except the server when it stops."""
    task = asyncio.create_task(act)
    _live.add(task)
    task.add_done_callback(_let_go)


def after_commit(act: Callable[[], None]) -> None:
    """Call `act` once the open unit of work has committed, and never if it fails; outside of one, call it at once."""
    waiting = _afterwards.get()
    if waiting is None:
        act()
    else:
        waiting.append(act)


async def attempt(act: Callable[[], Awaitable[T]]) -> T:
    """Run `act` inside the open unit of work so that a refusal rolls back only what `act` wrote."""
    async with in_transaction():
        return await act()


async def rehearse(act: Callable[[], Awaitable[T]]) -> T:
    """Run `act` as a unit of work and roll back all it wrote: its result is what would happen now."""

    async def whole() -> T:
        async with in_transaction() as inner:
            try:
                return await act()
            finally:
                await inner.rollback()

    return await run_unit_of_work(whole)


async def finish_all(seconds: float = 15) -> None:
    """Wait for the units of work in progress; called while the server stops."""
    if _live:
        await asyncio.wait(_live, timeout=seconds)


@asynccontextmanager
async def in_role(role: str) -> AsyncIterator[None]:
    """Run with exactly the rights that the database gives this role.

    Joins the open unit of work or opens a transaction. An error rolls back what was done here, and the role.
    """
    async with in_transaction() as connection:
        await connection.execute_query(f"SET LOCAL ROLE {role}")
        yield
        await connection.execute_query(f"SET LOCAL ROLE {APP_ROLE}")


def raw_connection() -> asyncpg.Connection:
    """Return the asyncpg connection of the open transaction."""
    connection: asyncpg.Connection = connections.get("default")._connection
    return connection


async def _transact(act: Callable[[], Awaitable[T]]) -> T:
    token, waiting = _inside.set(True), list[Callable[[], None]]()
    told = _afterwards.set(waiting)
    try:
        async with in_transaction():
            done = await act()
    except BUSY as error:
        raise Busy from error
    except CUT_OFF as error:
        raise TooMuchAtOnce from error
    except AWAY as error:
        raise away(error) from error
    finally:
        _inside.reset(token)
        _afterwards.reset(told)
    for one in waiting:
        one()
    return done


def _let_go(task: asyncio.Task[Any]) -> None:
    _live.discard(task)
    error = None if task.cancelled() else task.exception()
    if error and not isinstance(error, Refusal):
        log.error("deed_failed", kind=type(error).__name__)
