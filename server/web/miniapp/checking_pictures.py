"""Limits on checking pictures from strangers: per process at one time, and per minute for the whole office.

They keep the cost of decoding these pictures from slowing down people who report.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.photos.refusals import ManyAreChecking
from server.tools import Tools
from server.web.door import pacing

MOST_AT_ONCE = 8  # kept in memory, 10 MB each at most
OF_EVERYBODY = ("60/minute", "picture checks")
_under_way: set[object] = set()


@asynccontextmanager
async def checking(tools: Tools) -> AsyncIterator[None]:
    """Reserve room to check one picture. Raises ManyAreChecking."""
    if len(_under_way) >= MOST_AT_ONCE:
        raise ManyAreChecking
    mine = object()
    _under_way.add(mine)
    try:
        if not (await pacing.count(tools, *OF_EVERYBODY)).allowed:
            raise ManyAreChecking
        yield
    finally:
        _under_way.discard(mine)
