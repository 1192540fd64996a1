"""Recomputes the journal's chain and finds any planted change: `python -m server.verifying [--anchors FILE]`.

Shares no code with the server and needs no more than SELECT, so that an auditor can run it on a copy.
"""

import argparse
import asyncio
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import asyncpg

ENTRIES = """
SELECT id, floor(extract(epoch FROM at) * 1000000)::bigint AS micros, deed, subject_kind,
       subject_id::text AS subject_id, coalesce(actor_id::text, '-') AS actor_id,
       detail::text AS detail, prev, hash
FROM journal_entry ORDER BY id
"""
SERIES = """
WITH numbered AS (
    SELECT organisation_id, series, year, number FROM ledger_item
    UNION ALL SELECT origin_id, series, year, number FROM problem
    UNION ALL SELECT issuer_id, series, year, number FROM letter
)
SELECT s.series, s.year, s.last_number, count(n.number) AS given, coalesce(max(n.number), 0) AS highest
FROM number_series s LEFT JOIN numbered n
  ON n.organisation_id = s.organisation_id AND n.series = s.series AND n.year = s.year
GROUP BY s.id HAVING count(n.number) <> s.last_number OR coalesce(max(n.number), 0) <> s.last_number
"""
START = "0" * 64


def chain_hash(row: Any) -> str:
    """The hash an entry must carry, over the words of the row and the hash before it."""
    words = [row["prev"], str(row["id"]), str(row["micros"]), row["deed"], row["subject_kind"]]
    words += [row["subject_id"], row["actor_id"], row["detail"]]
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()


async def verify(url: str, *, anchors: Path | None = None) -> list[str]:
    """Every fault of the journal and the number series, in Chinese; an empty list means that all is well."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            hashes, faults = await _walk(connection)
            head = await connection.fetchrow("SELECT last_id, last_hash FROM journal_head WHERE id = 1")
            last = max(hashes, default=0)
            if head is None or (head["last_id"], head["last_hash"]) != (last, hashes.get(last, START)):
                faults.append(
                    f"日志尾部与记录不符：最后一条应为第{head and head['last_id']}条，实为第{last}条。"
                )
            for row in await connection.fetch(SERIES):
                faults.append(
                    f"编号{row['series']}-{row['year']}不连续：已发到{row['last_number']}号，实有{row['given']}条。"
                )
    finally:
        await connection.close()
    return faults + _against_anchors(hashes, anchors)


async def _walk(connection: asyncpg.Connection) -> tuple[dict[int, str], list[str]]:
    faults, hashes, prev, expected = [], {}, START, 1
    async for row in connection.cursor(ENTRIES, prefetch=5000):
        if row["id"] != expected:
            faults.append(f"第{expected}条至第{row['id'] - 1}条日志缺失。")
        if row["prev"] != prev:
            faults.append(f"第{row['id']}条日志与前一条不相连。")
        if chain_hash(row) != row["hash"]:
            faults.append(f"第{row['id']}条日志内容被改动。")
        hashes[row["id"]], prev, expected = row["hash"], row["hash"], row["id"] + 1
    return hashes, faults


def _against_anchors(hashes: dict[int, str], anchors: Path | None) -> list[str]:
    if anchors is None or not anchors.exists():
        return []
    faults = []
    for line in anchors.read_text("utf-8").splitlines():
        anchor = json.loads(line)
        if anchor["id"] and hashes.get(anchor["id"]) != anchor["hash"]:
            faults.append(f"第{anchor['id']}条日志与{anchor['at']}的锚点不符：此前的日志被重写或截断。")
    return faults


def main() -> None:
    """Print the result and end with 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description="核验日志链和编号")
    parser.add_argument(
        "--anchors", type=Path, default=Path(os.environ.get("DATA_DIR", "var")) / "anchors.log"
    )
    options = parser.parse_args()
    if not os.environ.get("DATABASE_URL"):
        sys.exit("DATABASE_URL is missing")
    faults = asyncio.run(verify(os.environ["DATABASE_URL"], anchors=options.anchors))
    for fault in faults:
        sys.stdout.write(f"异常：{fault}\n")
    sys.stdout.write("核验不通过。\n" if faults else "核验通过：日志链完整，编号连续。\n")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
