"""Takes a backup: first the database, then the photo files, so that every file the database names was there to copy."""

import asyncio
import shutil
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import msgspec

from server.backups.files import copy_new
from server.backups.forgetting import forget
from server.backups.programs import run
from server.backups.shelf import ANCHORS, RECORD, BackupFailed, Record, Shelf
from server.gateways.storage import Storage

LAST_BLOCK = "SELECT id, encode(hash, 'hex') AS hash FROM ledger.block ORDER BY id DESC LIMIT 1"


async def take(url: str, shelf: Shelf, *, storage: Storage, anchors: Path) -> tuple[Record, Path, int]:
    """Take a base backup and copy new photo files; return the record, its folder and how many files were copied.

    Needs a role with REPLICATION that may read the ledger. Raises BackupFailed, and then leaves no backup behind that
    looks complete.
    """
    place = await asyncio.to_thread(_base_backup, url, shelf, anchors=anchors)
    copied = await copy_new(storage, shelf.files)
    record = await _record(url)
    await asyncio.to_thread(_write, record, place)
    await asyncio.to_thread(forget, shelf, stored=copied.stored, now=record.made_at)
    return record, place, copied.new


def _base_backup(url: str, shelf: Shelf, *, anchors: Path) -> Path:
    shelf.prepare()
    place = shelf.place(datetime.now(UTC))
    place.mkdir(mode=0o700)
    try:
        run(
            "pg_basebackup",
            *("--dbname", url, "--pgdata", place / "database", "--checkpoint=fast", "--wal-method=stream"),
            "--manifest-checksums=SHA256",
            trouble="数据库没有备份成功",
        )
    except BackupFailed:
        shutil.rmtree(place)
        raise
    if anchors.exists():
        shutil.copy2(anchors, place / ANCHORS)
    return place


def _write(record: Record, place: Path) -> None:
    unfinished = place / f".{RECORD}"
    unfinished.write_bytes(msgspec.json.format(msgspec.json.encode(record)))
    unfinished.rename(place / RECORD)


async def _record(url: str) -> Record:
    try:
        connection = await asyncpg.connect(url, timeout=10)
        try:
            last = await connection.fetchrow(LAST_BLOCK)
            version = await connection.fetchval("SHOW server_version")
        finally:
            await connection.close()
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        raise BackupFailed(f"备份完成后读不到数据库（{type(error).__name__}），这次备份不算数。") from error
    return Record(
        made_at=datetime.now(UTC),
        server_version=version,
        database=urlsplit(url).path.lstrip("/"),
        block=last["id"] if last else None,
        block_hash=last["hash"] if last else None,
    )
