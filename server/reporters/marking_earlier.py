"""Marking earlier reports: those that named their reporter before this package existed get a mark and a box."""

from uuid import UUID

from tortoise import connections

from server.kernel.unit_of_work import unit_of_work
from server.reporters.salting import give_salt
from server.reporters.signing import sign

PEOPLE = "SELECT DISTINCT person_id FROM reporter_unmarked"
BATCH = """
DELETE FROM reporter_unmarked WHERE observation_id IN (
    SELECT observation_id FROM reporter_unmarked ORDER BY random() LIMIT 200)
RETURNING observation_id, person_id, (SELECT received_at FROM observation WHERE id = observation_id) AS at
"""


async def mark_earlier_reports() -> int:
    """Mark every report listed in `reporter_unmarked`, in random order; returns how many. Safe to repeat."""
    for row in await connections.get("default").execute_query_dict(PEOPLE):
        await give_salt(row["person_id"])
    marked = 0
    while batch := await _mark_batch():
        marked += batch
    return marked


@unit_of_work
async def _mark_batch() -> int:
    rows = await connections.get("default").execute_query_dict(BATCH)
    for row in rows:
        person_id: UUID = row["person_id"]
        await sign(row["observation_id"], by=person_id, at=row["at"])
    return len(rows)
