"""Recomputes leaves from versions, blocks from leaves, and the chain from blocks."""

import struct

import asyncpg

from server.verifying.findings import BATCH, Progress, Result, sha

# One row per transaction; the server only concatenates what the versions contain. When the system itself asks
# (for a verdict on content, or a reporter whether a matter is solved), that is no event and has no entry. The
# rows of a sealed report are covered when it is entered; before 0026, on arrival, before the newest baseline.
TRANSACTIONS = """
WITH entry AS (SELECT table_id FROM ledger.covered WHERE name = 'journal_entry'),
unentered AS (
    SELECT table_id, NULL::bigint AS until FROM ledger.covered WHERE name IN ('content_check', 'recheck')
    UNION ALL SELECT table_id, CASE coalesce(to_jsonb(c) ->> 'of_rows', 'true') WHEN 'true' THEN NULL ELSE coalesce(
        (SELECT max(no) FROM ledger.version v WHERE v.table_id = c.table_id AND op = 'B'), 0) END
    FROM ledger.covered c WHERE name IN ('manifest_line', 'photo')),
made AS (
    SELECT era, xid, count(*) AS size,
        string_agg(int8send(no) || int2send(v.table_id) || op::text::bytea || digest, '' ORDER BY no) AS body,
        bool_or(op IN ('I', 'B') AND v.table_id = (SELECT table_id FROM entry))
            OR bool_and(op = 'I' AND u.table_id IS NOT NULL AND (u.until IS NULL OR no < u.until)) AS is_entered
    FROM ledger.version v LEFT JOIN unentered u USING (table_id) GROUP BY era, xid)
SELECT era, xid::text::bigint AS xid, body, size, is_entered, l.place, l.hash,
    pg_visible_in_snapshot(xid, (SELECT snapshot FROM ledger.block ORDER BY id DESC LIMIT 1)) AS is_of_before,
    era < (SELECT era FROM ledger.block ORDER BY id DESC LIMIT 1) AS is_of_an_era_before
FROM made FULL JOIN ledger.leaf l USING (era, xid)
"""
BLOCKS = """
SELECT id, era, first_place, size, root, prev, hash, snapshot::text AS snapshot,
    floor(extract(epoch FROM at) * 1000000)::bigint AS micros
FROM ledger.block ORDER BY id
"""
LEAVES = "SELECT place, block, hash FROM ledger.leaf ORDER BY place"


class Merkle:
    """Computes a Merkle root from a stream; holds one hash per level."""

    def __init__(self) -> None:
        self._peaks: list[tuple[int, bytes]] = []

    def add(self, one: bytes) -> None:
        level = 0
        while self._peaks and self._peaks[-1][0] == level:
            one = sha(b"\x01" + self._peaks.pop()[1] + one)
            level += 1
        self._peaks.append((level, one))

    def root(self) -> bytes:
        root = self._peaks[-1][1] if self._peaks else b""
        for _, left in reversed(self._peaks[:-1]):
            root = sha(b"\x01" + left + root)
        return root


async def check_leaves(connection: asyncpg.Connection, result: Result, progress: Progress) -> None:
    """Check that each transaction's versions match its leaf, and that the transaction wrote its journal entry."""
    total = await connection.fetchval("SELECT count(*) FROM ledger.version")
    async for row in connection.cursor(TRANSACTIONS, prefetch=BATCH):
        result.counted["versions"] += row["size"] or 0
        result.counted["transactions"] += 1
        if result.counted["transactions"] % BATCH == 0:
            progress.tell("行版本", result.counted["versions"], total)
        if fault := _fault_of(row):
            result.faults.append(fault)
        result.counted["unsealed"] += row["hash"] is None
    progress.tell("行版本", total, total)


def _fault_of(row: asyncpg.Record) -> str | None:
    if row["body"] is None:
        return f"第{row['place']}笔的行摘要全部不在。"
    if row["hash"] is None:
        if row["is_of_before"] or row["is_of_an_era_before"]:
            return f"事务{row['xid']}的行版本是事后塞进去的，所在的块早已封存。"
    elif sha(b"\x00" + struct.pack(">hq", row["era"], row["xid"]) + row["body"]) != row["hash"]:
        return f"第{row['place']}笔（事务{row['xid']}）的行摘要被改动。"
    return None if row["is_entered"] else f"事务{row['xid']}改了数据而没有日志条目。"


async def check_blocks(connection: asyncpg.Connection, result: Result, progress: Progress) -> None:
    """Check that leaves have no gaps, and that each block commits to its leaves and to the previous block."""
    blocks = await connection.fetch(BLOCKS)
    if not blocks or (blocks[0]["id"], blocks[0]["size"], blocks[0]["hash"]) != (0, 0, sha(b"")):
        result.faults.append("存证账本的起始块缺失或被改动。")
    leaves = aiter(connection.cursor(LEAVES, prefetch=BATCH))
    place, before = 1, (0, sha(b""))
    for block in blocks[1:]:
        tree = Merkle()
        for _ in range(block["size"]):
            leaf = await anext(leaves, None)
            if leaf is None or (leaf["place"], leaf["block"]) != (place, block["id"]):
                result.faults.append(f"第{block['id']}块的第{place}笔缺失或错位。")
                return
            tree.add(leaf["hash"])
            place += 1
        result.faults += _faults_of(block, before=before, root=tree.root())
        before = (block["id"], block["hash"])
        result.blocks[block["id"]] = block["hash"].hex()
        progress.tell("块", block["id"], len(blocks))
    if await anext(leaves, None) is not None:
        result.faults.append(f"第{place}笔之后还有不属于任何块的记录。")
    result.counted["blocks"] = len(result.blocks)


def _faults_of(block: asyncpg.Record, *, before: tuple[int, bytes], root: bytes) -> list[str]:
    number, faults = block["id"], []
    if number != before[0] + 1:
        faults.append(f"第{before[0] + 1}块至第{number - 1}块缺失。")
    if block["prev"] != before[1]:
        faults.append(f"第{number}块与前一块不相连。")
    if root != block["root"] or _hash_of(block) != block["hash"]:
        faults.append(f"第{number}块的内容被改动。")
    return faults


def _hash_of(block: asyncpg.Record) -> bytes:
    words = [block["id"], block["era"], block["first_place"], block["size"], block["root"].hex()]
    words += [block["micros"], block["snapshot"]]
    return sha(b"\x02" + block["prev"] + "\x1f".join(map(str, words)).encode())
