"""Checks anchors, the records of blocks kept elsewhere. A missing or damaged anchor is a finding, never a pass."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg

from server.verifying.findings import Result

OLD_AFTER = timedelta(hours=1)
BEGUN = "SELECT detail ->> 'number' AS number, detail ->> 'hash' AS hash FROM journal_entry WHERE deed = 'ledger.begun'"
NEWEST = "SELECT at FROM ledger.block WHERE size > 0 ORDER BY id DESC LIMIT 1"


@dataclass(frozen=True)
class Anchor:
    """A line of the file: a block, or an entry of the former chain."""

    at: datetime
    number: int
    hash: str
    is_of_a_block: bool


async def check_anchors(connection: asyncpg.Connection, path: Path, result: Result) -> None:
    """Compare every anchor with its block."""
    anchors = _read(path, result)
    former = await connection.fetchrow(BEGUN)
    for anchor in anchors:
        if fault := _fault_of(anchor, result.blocks, former):
            result.faults.append(fault)
    of_blocks = [one for one in anchors if one.is_of_a_block]
    result.counted["anchors"] = len(of_blocks)
    if not of_blocks:
        result.faults.append("没有一个可用的锚点：整体重写或截断尾部都查不出来。")
        return
    last = max(of_blocks, key=lambda one: one.number)
    result.counted["anchored"] = last.number
    result.counted["behind"] = max(0, max(result.blocks, default=0) - last.number)
    newest = await connection.fetchval(NEWEST)
    if newest and result.counted["behind"] and newest - last.at > OLD_AFTER:
        result.hints.append("最后锚点比最后一块早1小时以上，此间的截断查不出来。")


def check_seen(seen: Sequence[tuple[int, str]], result: Result) -> None:
    """Compare blocks that somebody noted elsewhere, by number and the start of their hash."""
    for number, start in seen:
        block = result.blocks.get(number)
        if block is None:
            result.faults.append(f"抄录的第{number}块不在：尾部被截断。")
        elif not block.startswith(start):
            result.faults.append(f"第{number}块与抄录的校验值不符：此前被重写。")


def _read(path: Path, result: Result) -> list[Anchor]:
    try:
        files = sorted(path.glob("**/*.json")) if path.is_dir() else [path]
        lines = b"".join(file.read_bytes() for file in files).split(b"\n")
    except OSError:
        result.faults.append(f"读不到锚点文件{path}。")
        return []
    found = []
    if lines[-1]:
        result.faults.append(f"锚点文件第{len(lines)}行没有写完。")
    for place, line in enumerate(lines[:-1], start=1):
        try:
            found.append(_anchor(json.loads(line)))
        except (ValueError, KeyError, TypeError, RecursionError):
            result.faults.append(f"锚点文件第{place}行残缺，读不出来。")
    return found


def _anchor(line: dict[str, Any]) -> Anchor:
    is_of_a_block = "block" in line
    number = line["block"] if is_of_a_block else line["id"]
    anchor = Anchor(datetime.fromisoformat(line["at"]), number, line["hash"], is_of_a_block)
    if type(number) is not int or not isinstance(anchor.hash, str) or anchor.at.tzinfo is None:
        raise ValueError
    return anchor


def _fault_of(anchor: Anchor, blocks: dict[int, str], former: Any) -> str | None:
    if not anchor.is_of_a_block:
        is_the_head = former is not None and int(former["number"]) == anchor.number
        is_other = is_the_head and former["hash"] != anchor.hash
        return f"旧日志链第{anchor.number}条与锚点不符。" if is_other else None
    if anchor.number == 0:
        return None
    if anchor.number not in blocks:
        return f"有锚点的第{anchor.number}块不在：尾部被截断。"
    if blocks[anchor.number] != anchor.hash:
        return f"第{anchor.number}块与锚点不符：此前被重写。"
    return None
