"""Hears what the database announces: LISTEN on a connection of its own, because a pooled one forgets it."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import structlog

Connect = Callable[[], Awaitable[asyncpg.Connection]]

AGAIN_SECONDS = 0.5

log = structlog.get_logger(__name__)


async def hear(
    connect: Connect, channel: str, on_word: Callable[[str], None], on_open: Callable[[], None]
) -> None:
    """Call `on_word` with each NOTIFY of a channel, until cancelled; reconnects after outages.

    After each connection `on_open` is called, because words may have been missed before it.
    """
    while True:
        try:
            await _hear_once(connect, channel, on_word, on_open)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("channel_not_heard", channel=channel, kind=type(error).__name__)
        await asyncio.sleep(AGAIN_SECONDS)


async def _hear_once(
    connect: Connect, channel: str, on_word: Callable[[str], None], on_open: Callable[[], None]
) -> None:
    line, lost = await connect(), asyncio.Event()
    try:
        line.add_termination_listener(lambda _: lost.set())
        await line.execute("SET idle_session_timeout = 0")  # it is idle for hours
        await line.add_listener(channel, lambda *told: on_word(told[3]))
        on_open()
        await lost.wait()
    finally:
        line.terminate()
