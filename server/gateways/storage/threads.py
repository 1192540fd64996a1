"""Runs blocking file work off the event loop, never abandoned halfway when a client hangs up."""

import asyncio
from collections.abc import AsyncIterable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

BATCH_BYTES = 256 * 1024
THREADS = ThreadPoolExecutor(max_workers=8, thread_name_prefix="storage")  # mostly waiting for fsync


async def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `work` in a thread; when cancelled, wait for it to end first, so that cleanup is safe."""
    task = asyncio.wrap_future(THREADS.submit(work, *args, **kwargs))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


async def hand_over(chunks: AsyncIterable[bytes], *takers: Callable[[bytes], None]) -> None:
    """Pass a stream to each taker in turn, in large pieces: a switch to a thread costs more than a chunk."""
    waiting: list[bytes] = []
    length = 0
    async for chunk in chunks:
        waiting.append(chunk)
        length += len(chunk)
        if length >= BATCH_BYTES:
            await in_thread(_give, b"".join(waiting), takers)
            waiting, length = [], 0
    await in_thread(_give, b"".join(waiting), takers)


def _give(batch: bytes, takers: tuple[Callable[[bytes], None], ...]) -> None:
    for taker in takers:
        taker(batch)
