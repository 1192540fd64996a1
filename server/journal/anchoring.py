"""Closes the ledger's blocks every half second and anchors them where the database can't reach.

An earlier anchor exposes rewritten history or a cut end (reliability R4.5). An anchor is a line of the file
`anchors.log`; if an outside place is set (ANCHOR_COMMAND or ANCHOR_URL), it is pushed there as well.
"""

import asyncio
import contextlib
import json
import os
import shlex
import subprocess
import time
from datetime import datetime
from pathlib import Path

import structlog
from tortoise import connections
from tortoise.exceptions import BaseORMException

from server.gateways.storage import Storage, StorageDown
from server.kernel.unit_of_work import AWAY
from server.settings import Settings

PAUSE_SECONDS = 0.5
PUSH_SECONDS = 30
LONGEST_LINE = 1000
FILE, PUSHED = "anchors.log", "anchors.pushed"  # the last line that reached the outside place
LAST = "SELECT id, encode(hash, 'hex') AS hash FROM ledger.block ORDER BY id DESC LIMIT 1"

log = structlog.get_logger(__name__)


class NotPushed(Exception):
    """The outside place did not accept an anchor; it is offered again in a minute."""


async def close_block() -> int:
    """Close a block over everything written since the last one; return its number of transactions, 0 for no block."""
    (row,) = await connections.get("default").execute_query_dict("SELECT ledger.close_block() AS size")
    size: int = row["size"]
    return size


async def close_blocks(*, stop: asyncio.Event) -> None:
    """Open an era if the database was restored, then close a block every half second until `stop`."""
    is_open = False
    while not stop.is_set():
        try:
            if not is_open:
                await connections.get("default").execute_query("SELECT ledger.open_era()")
                is_open = True
            await close_block()
        except (BaseORMException, *AWAY) as error:
            log.warning("no_block", kind=type(error).__name__)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PAUSE_SECONDS):
                await stop.wait()


async def anchor(settings: Settings, *, now: datetime) -> str:
    """Write number and hash of the last block to the file (owner-only, flushed to disk) and return the line."""
    (last,) = await connections.get("default").execute_query_dict(LAST)
    line = json.dumps({"at": now.isoformat(), "block": last["id"], "hash": last["hash"]})
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return await asyncio.to_thread(_append, settings.data_dir / FILE, line)


async def push(line: str, settings: Settings) -> None:
    """Send an anchor to the outside place unless it is already there; raises NotPushed."""
    mark = settings.data_dir / PUSHED
    if mark.exists() and mark.read_text("utf-8") == line:
        mark.touch()
        return
    if settings.anchor_command:
        await _hand_to(settings.anchor_command, line)
    if settings.anchor_url:
        storage = Storage.at(settings.anchor_url, staging=settings.data_dir / "staging")
        try:
            await storage.put(f"anchors/{json.loads(line)['block']:012d}.json", f"{line}\n".encode())
        except StorageDown as error:
            raise NotPushed from error
    await asyncio.to_thread(_write, mark, line.encode(), os.O_TRUNC)


def age_seconds(settings: Settings) -> int | None:
    """Return the age of the newest anchor (of the outside place if one is set), or None if there is none."""
    name = PUSHED if settings.anchor_command or settings.anchor_url else FILE
    try:
        return max(0, round(time.time() - (settings.data_dir / name).stat().st_mtime))
    except FileNotFoundError:
        return None


def _append(path: Path, line: str) -> str:
    """Append a line and return it. A line half-written by a crash is ended as it is.

    If the same block is already anchored, only the file's time changes.
    """
    end = _end_of(path)
    before = end.splitlines()[-1] if end else ""
    if end.endswith("\n") and before.partition('"block"')[2] == line.partition('"block"')[2]:
        path.touch()
        return before
    start = "" if not end or end.endswith("\n") else "\n"
    _write(path, f"{start}{line}\n".encode(), os.O_APPEND)
    return line


def _end_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - LONGEST_LINE))
            return file.read().decode("utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def _write(path: Path, data: bytes, how: int) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o600)
    try:
        os.fchmod(file, 0o600)
        os.write(file, data)
        os.fsync(file)
    finally:
        os.close(file)


async def _hand_to(command: str, line: str) -> None:
    """Run the office's own command, which reads the line and exits with 0 once it is stored outside."""
    try:
        program = await asyncio.create_subprocess_exec(
            *shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except OSError as error:
        raise NotPushed from error
    try:
        await asyncio.wait_for(program.communicate(f"{line}\n".encode()), PUSH_SECONDS)
    except (TimeoutError, ConnectionError) as error:
        raise NotPushed from error
    finally:
        if program.returncode is None:
            program.kill()
    if program.returncode:
        raise NotPushed
