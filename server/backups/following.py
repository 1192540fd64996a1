"""Follows the database between backups: its write-ahead log as it is written, its photo files every minute."""

import asyncio
import contextlib
import itertools
import subprocess
from collections.abc import Callable

from server.backups.files import EVERYTHING, OPEN, copy_new
from server.backups.programs import run, start
from server.backups.shelf import BackupFailed, Shelf
from server.gateways.storage import Storage, StorageDown

SLOT = "duchatong_backup"  # the server keeps what was not yet fetched, however long we are away
MINUTE = 60.0
ROUNDS = 60  # sealed photos once an hour only: the minute of a copy would tell when a report came


async def follow(
    url: str, shelf: Shelf, *, storage: Storage, stop: asyncio.Event, say: Callable[[str], None]
) -> None:
    """Stream the log and copy photo files until `stop`; raises BackupFailed if the log can't be followed."""
    shelf.prepare()
    words = ("--dbname", url, "--directory", shelf.wal)
    await asyncio.to_thread(
        run,
        "pg_receivewal",
        *words,
        "--slot",
        SLOT,
        "--create-slot",
        "--if-not-exists",
        trouble="没有接上数据库日志",
    )
    receiver = start("pg_receivewal", [*words, "--slot", SLOT, "--synchronous"])
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
    for rounds in itertools.count():
        is_last = stop.is_set()
        if receiver.poll() is not None:
            raise BackupFailed(f"数据库日志中断了（退出码{receiver.returncode}），请看上面的英文说明。")
        with contextlib.suppress(StorageDown):  # copied in the next round
            copied = await copy_new(storage, shelf.files, kinds=OPEN if rounds % ROUNDS else EVERYTHING)
            if copied.new:
                say(f"复制照片文件{copied.new}个。")
        if is_last:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(MINUTE):
                await stop.wait()
