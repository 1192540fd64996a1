"""Fails a test during which one of our programs kept the event loop to itself for too long.

While one step of a task computes, every other phone waits. What is measured is the processor time of each step that
belongs to the server, the worker or a unit of work, not to the test: a loaded machine makes steps later, not longer.
Collecting garbage is left out: its length tells of the thousands of tests before, not of the step.
"""

import asyncio
import gc
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

# The goal is 0.1; a first time (imports, templates, years) comes on top, and processors differ by a factor of two.
MOST_SECONDS = 0.4
ROOT = Path(__file__).parents[1]
OURS = (str(ROOT / "server"), str(ROOT / "models"), "/sanic/", "/pgqueuer/")
_stood_still: list[str] = []
_run = asyncio.Handle._run
_sweeping = {"begun": 0.0, "spent": 0.0}  # seconds of processor that garbage has cost


def _sweep(phase: str, _: dict[str, int]) -> None:
    if phase == "start":
        _sweeping["begun"] = time.thread_time()
    else:
        _sweeping["spent"] += time.thread_time() - _sweeping["begun"]


gc.callbacks.append(_sweep)


def _watched_run(handle: asyncio.Handle) -> None:
    begun, swept = time.thread_time(), _sweeping["spent"]
    _run(handle)
    spent = time.thread_time() - begun - (_sweeping["spent"] - swept)
    if spent > MOST_SECONDS and (whose := _whose(handle)):
        _stood_still.append(f"{whose} kept the event loop for {spent * 1000:.0f} ms")


def _whose(handle: asyncio.Handle) -> str:
    """Return the place of the coroutine that a step belongs to; "" unless it is one of ours."""
    task = getattr(handle._callback, "__self__", None)
    if not isinstance(task, asyncio.Task):
        return ""
    code = getattr(task.get_coro(), "cr_code", None)
    if code is None or not any(part in code.co_filename for part in OURS):
        return ""
    return f"{code.co_filename}:{code.co_firstlineno} ({code.co_qualname})"


asyncio.Handle._run = _watched_run


@pytest.fixture(autouse=True)
def loop_never_stands_still() -> Iterator[list[str]]:
    """Collect what stood still during a test, and fail it if anything did."""
    _stood_still.clear()
    yield _stood_still
    assert not _stood_still, "\n".join(_stood_still)
