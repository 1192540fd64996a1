"""Room for strangers' pictures: so many at a time in a process, and so many a minute in the whole office.

What decoding them costs never adds up to what people who report need of the machine.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.photos.refusals import ManyAreChecking
from server.tools import Tools
from server.web.door import pacing

MOST_AT_ONCE = 8  # in memory, of 10 MB at most
OF_EVERYBODY = ("60/minute", "picture checks")
_under_way: set[object] = set()


@asynccontextmanager
async def checking(tools: Tools) -> AsyncIterator[None]:
    """Have room for one picture in here; raises ManyAreChecking."""
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
