"""Checks that the numbers of the ledger, of problems and of letters have no gaps."""

import asyncpg

from server.verifying.findings import Result

SERIES = """
WITH numbered AS (
    SELECT organisation_id, series, year, number FROM ledger_item
    UNION ALL SELECT origin_id, series, year, number FROM problem
    UNION ALL SELECT issuer_id, series, year, number FROM letter WHERE number IS NOT NULL
)
SELECT coalesce(s.series, n.series) AS series, coalesce(s.year, n.year) AS year,
    coalesce(max(s.last_number), 0) AS last, count(n.number) AS given, coalesce(max(n.number), 0) AS highest
FROM number_series s FULL JOIN numbered n
  ON n.organisation_id = s.organisation_id AND n.series = s.series AND n.year = s.year
GROUP BY s.id, coalesce(s.series, n.series), coalesce(s.year, n.year)
HAVING count(n.number) <> coalesce(max(s.last_number), 0)
    OR coalesce(max(n.number), 0) <> coalesce(max(s.last_number), 0)
"""


async def check_numbers(connection: asyncpg.Connection, result: Result) -> None:
    """Check that each series issued as many numbers as it says and that its last number is the highest."""
    for row in await connection.fetch(SERIES):
        result.faults.append(
            f"编号{row['series']}-{row['year']}不连续：已发到{row['last']}号，实有{row['given']}条，最大{row['highest']}号。"
        )
