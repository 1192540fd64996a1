"""The hall's board has a version: processes that show it read it again when they hear of a newer one.

PostgreSQL tells them (NOTIFY), within the transaction; so does Redis after the commit, where there is one. Either is
enough: a version makes a second word harmless.
"""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any
from uuid import UUID

from tortoise import connections

from server import scoring
from server.kernel.unit_of_work import after_commit, begin

CHANNEL = "site_visit_board"  # each word is a visit's id and nothing else
COUNT_EVERY_SECONDS = 0.2

# The row's lock is kept until the commit, so versions follow the order of commits and none is skipped.
BUMP = """
WITH bumped AS (UPDATE visit_board SET version = version + 1 WHERE visit_id = $1 RETURNING visit_id)
SELECT pg_notify('site_visit_board', visit_id::text) FROM bumped
"""
BUMP_FOR_BALLOTS = """
WITH counted AS (SELECT count(*) AS submitted FROM ballot WHERE round_id = $1 AND state = 'submitted'),
bumped AS (UPDATE visit_board b SET version = b.version + 1, submitted = c.submitted FROM counted c
    WHERE b.visit_id = $1 AND b.submitted <> c.submitted RETURNING b.visit_id)
SELECT pg_notify('site_visit_board', visit_id::text) FROM bumped
"""

Publish = Callable[[str, str], Coroutine[Any, Any, None]]
_publishers: list[Publish] = []
_uncounted: set[UUID] = set()  # visits with ballots since the last count of this process


def announce_by(publish: Publish) -> None:
    """Let this process announce changes by `publish` too, given channel and word."""
    _publishers[:] = [publish]


async def bump(visit_id: UUID) -> None:
    """Announce that the board shows something new; inside a unit of work or alone, after every other lock."""
    if await connections.get("default").execute_query_dict(BUMP, [str(visit_id)]):
        after_commit(partial(_announce, visit_id))


def bump_for_ballots(visit_id: UUID) -> None:
    """Show first submissions soon; a correction changes no count. Never inside the transaction of a ballot.

    However many ballots come, each process counts five times a second.
    """
    if visit_id not in _uncounted:
        _uncounted.add(visit_id)
        begin(_count(visit_id))


async def _count(visit_id: UUID) -> None:
    await asyncio.sleep(COUNT_EVERY_SECONDS)
    _uncounted.discard(visit_id)  # a ballot from now on needs another count
    if await connections.get("default").execute_query_dict(BUMP_FOR_BALLOTS, [str(visit_id)]):
        _announce(visit_id)


def _announce(visit_id: UUID) -> None:
    for publish in _publishers:
        begin(publish(CHANNEL, str(visit_id)))


scoring.on_change(bump)
