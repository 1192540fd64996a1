"""Turns: one at a time; the lowest number goes first, equal numbers in order of arrival.

Our own code, because asyncio's semaphore serves waiters in order of arrival only.
"""

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count


class Turns:
    """A lock that goes to the waiter with the lowest number."""

    def __init__(self) -> None:
        self._is_taken = False
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._arrivals = count()

    @asynccontextmanager
    async def of(self, number: int, *, within: float | None = None) -> AsyncIterator[None]:
        """Wait for a turn and hold it; raises TimeoutError if it does not come within so many seconds."""
        async with asyncio.timeout(within):
            await self._wait(number)
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, number: int) -> None:
        if not self._is_taken:
            self._is_taken = True
            return
        mine = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (number, next(self._arrivals), mine))
        try:
            await mine
        except asyncio.CancelledError:
            if not mine.cancelled():  # the turn had just come
                self._pass_on()
            self._waiting = [one for one in self._waiting if not one[2].done()]
            heapq.heapify(self._waiting)
            raise

    def _pass_on(self) -> None:
        while self._waiting:
            _, _, next_one = heapq.heappop(self._waiting)
            if not next_one.done():
                next_one.set_result(None)
                return
        self._is_taken = False
