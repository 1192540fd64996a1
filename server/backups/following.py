"""Follows the database between backups: its write-ahead log as it is written, its photo files every minute."""

import asyncio
import contextlib
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime

from server.backups.files import EVERYTHING, OPEN, copy_new
from server.backups.programs import Address, run, start
from server.backups.shelf import BackupFailed, Shelf
from server.backups.taking import refuse_other_server
from server.gateways.storage import Storage, StorageDown

SLOT = "duchatong_backup"  # the server keeps what was not yet fetched, however long we are away
MINUTE = 60.0


async def follow(
    url: str, shelf: Shelf, *, storage: Storage, stop: asyncio.Event, say: Callable[[str], None]
) -> None:
    """Stream the log and copy photo files until `stop`; raises BackupFailed if the log can't be followed."""
    await refuse_other_server(url)
    shelf.prepare()
    address = Address.of(url)
    words = ("--dbname", address.open, "--directory", shelf.wal)
    await asyncio.to_thread(
        run,
        "pg_receivewal",
        *words,
        "--slot",
        SLOT,
        "--create-slot",
        "--if-not-exists",
        secrets=address.secrets,
        trouble="没有接上数据库日志",
    )
    receiver = start("pg_receivewal", [*words, "--slot", SLOT, "--synchronous"], secrets=address.secrets)
    try:
        await _copy_files(shelf, storage=storage, receiver=receiver, stop=stop, say=say)
    finally:
        receiver.terminate()
        await asyncio.to_thread(receiver.wait)


async def _copy_files(
    shelf: Shelf,
    *,
    storage: Storage,
    receiver: subprocess.Popen[bytes],
    stop: asyncio.Event,
    say: Callable[[str], None],
) -> None:
    """Copy in rounds of a minute, and once more when it stops."""
    while True:
        is_last = stop.is_set()
        if receiver.poll() is not None:
            raise BackupFailed(f"数据库日志中断了（退出码{receiver.returncode}），请看上面的英文说明。")
        with contextlib.suppress(StorageDown):  # copied in the next round
            copied = await copy_new(storage, shelf.files, kinds=_kinds_due(shelf, now=datetime.now(UTC)))
            if copied.new:
                say(f"复制照片文件{copied.new}个。")
        if is_last:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(MINUTE):
                await stop.wait()


def _kinds_due(shelf: Shelf, *, now: datetime) -> tuple[str, ...]:
    """Return what this round copies; however often we are started again, sealed photos are hourly at most."""
    if not shelf.are_sealed_due(now):
        return OPEN
    shelf.note_sealed_copies(now)
    return EVERYTHING
