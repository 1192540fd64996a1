"""Checks that salts and keys are where they should be, and that every erasure has an event."""

import asyncpg

from server.verifying.findings import Result

LOST = """
SELECT count(*) FROM ledger.version v LEFT JOIN ledger.opening o USING (no) LEFT JOIN ledger.erased e USING (no)
WHERE o.no IS NULL AND e.no IS NULL
"""
STRAY = "SELECT count(*) FROM ledger.opening o LEFT JOIN ledger.version v USING (no) WHERE v.no IS NULL"
BOTH = "SELECT count(*) FROM ledger.erased JOIN ledger.opening USING (no)"
NO_EVENT = """
SELECT count(*) FROM ledger.erased x LEFT JOIN ledger.erasure e ON e.id = x.erasure_id WHERE e.id IS NULL
"""
EVENTS = """
SELECT e.id FROM ledger.erasure e LEFT JOIN ledger.erased x ON x.erasure_id = e.id GROUP BY e.id, e.versions, e.digest
HAVING count(x.no) <> e.versions
    OR sha256(convert_to(string_agg(x.no::text, ',' ORDER BY x.no), 'UTF8')) IS DISTINCT FROM e.digest
"""
ERAS = """
SELECT count(*) FROM (SELECT era, row_number() OVER (ORDER BY era) AS place FROM ledger.era) e WHERE era <> place
"""


async def check_openings(connection: asyncpg.Connection, result: Result) -> None:
    """Count what is missing without a lawful erasure, and what is listed as erased without an event."""
    told = [
        (LOST, "{}个行版本的随机数缺失而没有删除记录。"),
        (STRAY, "{}个随机数不属于任何行版本。"),
        (BOTH, "{}个行版本记为已删除，随机数却还在。"),
        (NO_EVENT, "{}个行版本记为已删除而没有删除的日志。"),
        (ERAS, "存证分期不连续，{}处。"),
    ]
    for query, words in told:
        if many := await connection.fetchval(query):
            result.faults.append(words.format(many))
    result.faults += [f"删除记录{row['id']}与所删的行版本不符。" for row in await connection.fetch(EVENTS)]
    result.counted["erased"] = await connection.fetchval("SELECT count(*) FROM ledger.erased")
    result.counted["erasures"] = await connection.fetchval("SELECT count(*) FROM ledger.erasure")
