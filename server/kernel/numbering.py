"""Number series: gapless per organisation, series and year, never reused (LED-03)."""

from uuid import UUID

from tortoise import connections

# One statement locks the row and takes the next number; a failed transaction gives the number back.
NEXT = """
INSERT INTO number_series (id, organisation_id, series, year, last_number)
VALUES (gen_random_uuid(), $1, $2, $3, 1)
ON CONFLICT (organisation_id, series, year) DO UPDATE SET last_number = number_series.last_number + 1
RETURNING last_number
"""


async def next_number(organisation_id: UUID, *, series: str, year: int) -> int:
    """Take the next number of an organisation's series; call it inside the unit of work that uses the number."""
    rows = await connections.get("default").execute_query_dict(NEXT, [organisation_id, series, year])
    number: int = rows[0]["last_number"]
    return number


def number_text(series: str, year: int, number: int) -> str:
    """Format a number as it is written: 银改-2026-0001."""
    return f"{series}-{year}-{number:04d}"
