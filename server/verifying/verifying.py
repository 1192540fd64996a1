"""Runs all checks in one snapshot of the database."""

from collections.abc import Sequence
from pathlib import Path

import asyncpg

from server.verifying.anchors import check_anchors, check_seen
from server.verifying.blocks import check_blocks, check_leaves
from server.verifying.findings import Progress, Result
from server.verifying.numbers import check_numbers
from server.verifying.openings import check_openings
from server.verifying.rows import check_rows
from server.verifying.stored import check_stored

BASELINES = """
SELECT id, to_char(at AT TIME ZONE 'Asia/Shanghai', 'MM-DD HH24:MI') AS at, detail ->> 'table' AS name
FROM journal_entry
WHERE deed = 'ledger.covered' AND xid <> (SELECT xid FROM journal_entry WHERE deed = 'ledger.covered'
    ORDER BY id LIMIT 1)
ORDER BY id
"""


async def verify(
    url: str,
    *,
    anchors: Path | None = None,
    storage: str | None = None,
    seen: Sequence[tuple[int, str]] = (),
    progress: Progress | None = None,
) -> Result:
    """Find every difference from the ledger; reads one snapshot, writes nothing. See `examine`."""
    connection = await asyncpg.connect(url, server_settings={"work_mem": "128MB", "client_encoding": "UTF8"})
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            progress = progress or Progress()
            return await examine(connection, anchors=anchors, storage=storage, seen=seen, progress=progress)
    finally:
        await connection.close()


async def examine(
    connection: asyncpg.Connection,
    *,
    anchors: Path | None,
    storage: str | None = None,
    seen: Sequence[tuple[int, str]] = (),
    progress: Progress,
) -> Result:
    """Do the same in an open transaction.

    Without anchors a complete rewrite is not detected, and without a storage no photo is checked.
    """
    result = Result()
    await check_leaves(connection, result, progress)
    await check_blocks(connection, result, progress)
    await check_rows(connection, result, progress)
    await check_openings(connection, result)
    await check_numbers(connection, result)
    if anchors:
        await check_anchors(connection, anchors, result)
    check_seen(seen, result)
    if storage:
        await check_stored(connection, storage, result, progress)
    else:
        result.hints.append(
            "没有核验照片文件：请在服务器上运行 scripts/verify，或用 --storage 指明照片存放的地方。"
        )
    for row in await connection.fetch(BASELINES):
        result.hints.append(
            f"表{row['name']}在第{row['id']}条日志（{row['at']}）重立基线，请与发布记录核对。"
        )
    progress.end()
    result.summary = _summary(result)
    return result


def _summary(result: Result) -> str:
    many = result.counted
    seen = f"{many['versions']}个行版本、{many['transactions']}笔、{many['blocks']}块、{many['rows']}行"
    if many["stored"]:
        seen += f"、{many['stored']}个照片文件"
    return (
        f"{seen}，与{many['anchors']}个锚点对照，最后锚点在第{many['anchored']}块，此后{many['behind']}块。"
        f"未封块：{many['unsealed']}笔。依法删除：{many['erased']}个行版本，{many['erasures']}次。"
    )
