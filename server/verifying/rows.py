"""Checks that every living row matches its last version, and that every deleted row has an event."""

from collections.abc import Sequence
from typing import Any

import asyncpg

from server.verifying.findings import BATCH, Changed, Progress, Result, sha

COLUMNS = """
SELECT attname::text AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""
TRIGGERS = """
SELECT count(*) FROM pg_trigger WHERE tgrelid = $1::text::regclass AND tgenabled = 'A'
AND tgname IN ('zz_ledger_i', 'zz_ledger_u', 'zz_ledger_d', 'zz_ledger_t')
"""
ROWS = """
WITH latest AS MATERIALIZED (
    SELECT DISTINCT ON (o.key) o.key, o.no, o.nonce, v.op::text AS op, v.digest
    FROM ledger.opening o JOIN ledger.version v USING (no) WHERE v.table_id = {id} ORDER BY o.key, o.no DESC)
SELECT coalesce(l.key, t.key)::text AS key, l.no, l.nonce, l.op, l.digest, t.body
FROM (SELECT {key} AS key, record_send(ROW({columns})) AS body FROM {table} r
    WHERE {of_rows}) t FULL JOIN latest l ON l.key = t.key
"""
DEED = """
SELECT e.id, e.deed FROM ledger.version v JOIN journal_entry e ON e.xid = v.xid AND e.era = v.era
WHERE v.no = $1 ORDER BY e.id DESC LIMIT 1
"""
NAMED_AT_MOST = 200  # rows whose event is looked up


async def check_rows(connection: asyncpg.Connection, result: Result, progress: Progress) -> None:
    """Compare each covered table with its versions; name the event that last wrote a differing row."""
    covered = await connection.fetch("SELECT * FROM ledger.covered ORDER BY table_id")
    known = {one["table_id"] for one in covered}
    for row in await connection.fetch("SELECT table_id, count(*) FROM ledger.version GROUP BY table_id"):
        if row["table_id"] not in known:
            result.faults.append(f"{row['count']}个行版本属于没有登记的表{row['table_id']}。")
    living = [one for one in covered if one["columns"]]
    for place, one in enumerate(living):
        progress.tell(f"表{one['name']}", place, len(living))
        await _check_table(connection, one, result)
    progress.tell("各表", len(living), len(living))
    for place, row in enumerate(result.rows):
        result.faults.append(await _told(connection, row, is_named=place < NAMED_AT_MOST))


async def _check_table(connection: asyncpg.Connection, one: asyncpg.Record, result: Result) -> None:
    name = one["name"]
    if await connection.fetchval("SELECT to_regclass($1)", name) is None:
        result.faults.append(f"表{name}不在。")
        return
    if await connection.fetchval(TRIGGERS, name) != 4:
        result.faults.append(f"表{name}的触发器缺失或停用。")
    columns = {row["name"]: row["type"] for row in await connection.fetch(COLUMNS, name)}
    shape = _shape(columns, one["columns"])
    if set(one["columns"]) != columns.keys() - set(one["apart"]) or shape != one["shape"]:
        result.faults.append(f"表{name}的列被改动而没有重立基线。")
        return
    query = ROWS.format(
        id=one["table_id"],
        table=name,
        of_rows=one["of_rows"],
        key="lpad(to_hex(r.id), 32, '0')::uuid" if columns["id"] == "bigint" else "r.id",
        columns=", ".join(f'r."{column}"' for column in one["columns"]),
    )
    async for row in connection.cursor(query, prefetch=BATCH):
        result.counted["rows"] += row["body"] is not None
        if how := _difference(row, shape):
            result.rows.append(Changed(name, row["key"], how, row["no"]))


def _shape(columns: dict[str, str], listed: Sequence[str]) -> bytes:
    return sha("\x1f".join(f"{name} {kind}" for name, kind in columns.items() if name in listed).encode())


def _difference(row: Any, shape: bytes) -> str | None:
    if row["no"] is None:
        return "是插入的"
    if row["body"] is None:
        return None if row["op"] == "D" else "被删除"
    if row["op"] == "D":
        return "删除后又被放回"
    op: str = row["op"]
    return "被改动" if sha(row["nonce"] + shape + op.encode() + row["body"]) != row["digest"] else None


async def _told(connection: asyncpg.Connection, row: Changed, *, is_named: bool) -> str:
    key = str(int(row.key.replace("-", ""), 16)) if row.table.startswith("journal_") else row.key
    what = f"{row.table} {key}{row.how}"
    event = await connection.fetchrow(DEED, row.version) if is_named and row.version else None
    return (
        f"{what}；最后一次有记录的写入是第{event['id']}条日志（{event['deed']}）。" if event else f"{what}。"
    )
