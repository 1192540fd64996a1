"""A visit's observers and screens at the wire of running servers."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from server.fake_wechat.loopback import loopback
from tests.rig.servers import Estate

CRITERIA = 4


class Screen:
    """A screen that watches a board: each state it got, with the moment it came (time.perf_counter)."""

    def __init__(self) -> None:
        self.states: list[tuple[float, dict[str, Any]]] = []
        self.is_over = asyncio.Event()
        self._came = asyncio.Condition()

    async def watch(self, url: str) -> None:
        """Listen until the server ends the stream."""
        try:
            async with loopback(timeout=None) as client, client.stream("GET", url) as answer:
                async for line in answer.aiter_lines():
                    if line.startswith("data: "):
                        await self._keep(json.loads(line[6:]))
        finally:
            self.is_over.set()

    async def sees(self, wanted: Callable[[dict[str, Any]], bool], *, seconds: float = 20) -> None:
        """Wait until the newest state is as wanted."""
        async with asyncio.timeout(seconds), self._came:
            await self._came.wait_for(lambda: bool(self.states) and wanted(self.states[-1][1]))

    async def _keep(self, state: dict[str, Any]) -> None:
        async with self._came:
            self.states.append((time.perf_counter(), state))
            self._came.notify_all()


@asynccontextmanager
async def screens(estate: Estate, link: str, *, on: list[int]) -> AsyncIterator[list[Screen]]:
    """Open a screen at each of these servers, by number, and wait until each shows the board."""
    watched = [Screen() for _ in on]
    tasks = [
        asyncio.create_task(one.watch(f"http://127.0.0.1:{estate.port(number)}/board/{link}/events"))
        for one, number in zip(watched, on, strict=True)
    ]
    try:
        for one in watched:
            await one.sees(bool)
        yield watched
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def check_in() -> dict[str, Any]:
    """Return a check-in without a code, which staff look at and which lets its observer score."""
    return {"client_id": str(uuid4()), "claimed_at": datetime.now(UTC).isoformat()}


def ballot(figure: int, *, base: int, state: str, filled: int = CRITERIA) -> dict[str, Any]:
    """Return a ballot whose criteria all have one figure; `filled` of them have one."""
    return {
        "scores": {f"c{n}": f"{figure}.0" for n in range(1, filled + 1)},
        "state": state,
        "base_version": base,
        "claimed_at": datetime.now(UTC).isoformat(),
    }
