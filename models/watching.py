"""A watch over the database: while the server doesn't answer, waiting calls fail within two seconds.

A frozen PostgreSQL closes nothing, so neither statement_timeout nor a broken connection ends a wait, and asyncpg's
own cancel asks the same frozen server. The watch keeps one query running on its own connection; when the answer is
late, it aborts every connection of this process, and none is opened until the server answers again.
tests/rig/test_g20.py fails without it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextvars import Context
from typing import Any, TypeVar
from weakref import WeakSet

import asyncpg
import structlog

T = TypeVar("T")
Dial = Callable[..., Awaitable[asyncpg.Connection]]

EVERY_SECONDS = 0.15  # between an answer and the next query
LATE_SECONDS = 0.4  # from then on, this process is not ready
AWAY_SECONDS = 1.5  # from then on, every connection is aborted
LONGEST_SECONDS = 5.0  # for one query; a server that returns on another machine is found by the next
SLICES = 6  # a stalled event loop is not a late answer: it gets its turns before the time is up
CONNECT_SECONDS = 2.0

LOST = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)

log = structlog.get_logger(__name__)


class DatabaseWatch:
    """Queries one server again and again; `dial` opens the connection for it."""

    def __init__(self, dial: Dial) -> None:
        self._dial = dial
        self._lines: WeakSet[asyncpg.Connection] = WeakSet()
        self._task: asyncio.Task[None] | None = None
        self.is_late = False  # callers have to wait
        self.is_away = False  # nobody may query
        self.times_away = 0
        self.round_trip_ms = 0.0

    async def start(self) -> None:
        """Start the watch unless it is running; return once it is known whether the server answers."""
        if self._task and not self._task.done():
            return
        heard = asyncio.Event()
        self._task = asyncio.create_task(self._run(heard), context=Context())
        await heard.wait()

    async def stop(self) -> None:
        """Stop the watch; open connections stay open."""
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    async def line(self, *where: Any, **options: Any) -> asyncpg.Connection:
        """Return a connection that is aborted when the server stops answering; refuse at once while it is away.

        Raises ConnectionRefusedError also for a socket whose file is missing, like a port where nobody listens.
        """
        if self.is_away:
            raise ConnectionRefusedError("the database does not answer")
        try:
            line = await asyncpg.connect(*where, **{"timeout": CONNECT_SECONDS} | options)
        except FileNotFoundError as error:
            raise ConnectionRefusedError(*error.args) from error
        self._lines.add(line)
        return line

    async def _run(self, heard: asyncio.Event) -> None:
        while True:
            line = None
            try:
                line = await self._answer(self._dial(timeout=LONGEST_SECONDS), heard)
                while True:
                    await self._answer(line.fetchval("SELECT 1", timeout=LONGEST_SECONDS), heard)
                    await asyncio.sleep(EVERY_SECONDS)
            except LOST:
                self._break_off(heard)
                await asyncio.sleep(EVERY_SECONDS)
            finally:
                if line:
                    line.terminate()

    async def _answer(self, question: Awaitable[T], heard: asyncio.Event) -> T:
        """Return the answer to a query; meanwhile mark the server as late, and then as away."""
        asked = asyncio.ensure_future(question)
        began = time.perf_counter()
        try:
            if not await _is_answered(asked, LATE_SECONDS):
                self.is_late = True
                if not await _is_answered(asked, AWAY_SECONDS - LATE_SECONDS):
                    self._break_off(heard)
            answer = await asked
        finally:
            asked.cancel()
        if self.is_away:
            log.info("database_back")
        self.is_late = self.is_away = False
        self.round_trip_ms = (time.perf_counter() - began) * 1000
        heard.set()
        return answer

    def _break_off(self, heard: asyncio.Event) -> None:
        if not self.is_away:
            self.times_away += 1
            log.warning("database_does_not_answer")
        self.is_late = self.is_away = True
        for line in list(self._lines):
            line.terminate()
        heard.set()


async def _is_answered(asked: asyncio.Future[Any], seconds: float) -> bool:
    for _ in range(SLICES):
        done, _ = await asyncio.wait([asked], timeout=seconds / SLICES)
        if done:
            return True
    return False
