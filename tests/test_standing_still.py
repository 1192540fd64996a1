"""The watch over the event loop sees a step of ours that computes too long, and no other."""

import asyncio
import time
from pathlib import Path

from tests.fixtures_standing_still import MOST_SECONDS

ROOT = Path(__file__).parents[1]
COMPUTES = """
async def compute(seconds):
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass
"""


async def computed(seconds, *, within):
    """Compute in a task whose coroutine was written in the file `within`."""
    names = {"time": time}
    exec(compile(COMPUTES, str(ROOT / within), "exec"), names)
    await asyncio.create_task(names["compute"](seconds))


async def test_a_step_of_the_server_that_computes_too_long_is_seen(loop_never_stands_still):
    await computed(MOST_SECONDS + 0.05, within="server/ledger/summing.py")
    assert ["summing.py" in one for one in loop_never_stands_still] == [True]
    loop_never_stands_still.clear()


async def test_what_is_shorter_waits_or_is_the_tests_own_is_not(loop_never_stands_still):
    await computed(MOST_SECONDS / 2, within="server/ledger/summing.py")
    await computed(MOST_SECONDS + 0.05, within="tests/factories.py")
    await asyncio.sleep(MOST_SECONDS + 0.05)
    assert loop_never_stands_still == []
