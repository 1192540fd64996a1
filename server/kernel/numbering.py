"""Numbers: gapless per organisation, series and year, never reused (LED-03)."""

from uuid import UUID

from tortoise import connections

# One statement takes the row's lock and the next number; it is given back if the transaction fails.
NEXT = """
INSERT INTO number_series (id, organisation_id, series, year, last_number)
VALUES (gen_random_uuid(), $1, $2, $3, 1)
ON CONFLICT (organisation_id, series, year) DO UPDATE SET last_number = number_series.last_number + 1
RETURNING last_number
"""


async def next_number(organisation_id: UUID, *, series: str, year: int) -> int:
    """Take the next number of an organisation's series; call it inside the deed that uses it."""
    rows = await connections.get("default").execute_query_dict(NEXT, [organisation_id, series, year])
    number: int = rows[0]["last_number"]
    return number


def number_text(series: str, year: int, number: int) -> str:
    """A number as it is written: 银改-2026-0001."""
    return f"{series}-{year}-{number:04d}"
