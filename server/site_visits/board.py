"""The hall's board has a version: screens that show it reload when they learn of a newer one."""

from uuid import UUID

from tortoise import connections

from server import scoring

CHANNEL = "site_visit_board"  # NOTIFY names the visit and nothing else

# The row's lock is kept until the commit, so versions follow the order of commits and none is skipped.
BUMP = """
WITH bumped AS (UPDATE visit_board SET version = version + 1 WHERE visit_id = $1 RETURNING visit_id)
SELECT pg_notify('site_visit_board', visit_id::text) FROM bumped
"""
BUMP_FOR_BALLOTS = """
WITH bumped AS (UPDATE visit_board SET version = version + 1, submitted = $2
    WHERE visit_id = $1 AND submitted <> $2 RETURNING visit_id)
SELECT pg_notify('site_visit_board', visit_id::text) FROM bumped
"""


async def bump(visit_id: UUID) -> None:
    """Announce that the board shows something new; works inside a unit of work or alone."""
    await connections.get("default").execute_query_dict(BUMP, [str(visit_id)])


async def bump_for_ballots(visit_id: UUID) -> None:
    """Show a first submission; a correction changes no count. Never inside the transaction of a ballot."""
    submitted = sum(one.submitted for one in await scoring.progress_by_entry(visit_id))
    await connections.get("default").execute_query_dict(BUMP_FOR_BALLOTS, [str(visit_id), submitted])
