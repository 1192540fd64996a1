"""Checking that every number a bank has given belongs to a problem."""

from typing import Any

from tortoise import connections

from server.problems.taking_in import SERIES

GAPS = """
SELECT s.organisation_id, s.year, s.last_number, count(p.id) AS given, max(p.number) AS highest
FROM number_series s LEFT JOIN problem p
  ON p.origin_id = s.organisation_id AND p.series = s.series AND p.year = s.year
WHERE s.series = $1
GROUP BY s.id HAVING count(p.id) <> s.last_number OR max(p.number) <> s.last_number
"""


async def broken_banks() -> list[dict[str, Any]]:
    """Return the banks and years with a gap or a duplicate in their numbers; empty when all is well."""
    found: list[dict[str, Any]] = await connections.get("default").execute_query_dict(GAPS, [SERIES])
    return found
