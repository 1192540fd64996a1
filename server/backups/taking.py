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
from server.backups.programs import Address, refuse_other_version, run
from server.backups.shelf import ANCHORS, RECORD, BackupFailed, Record, Shelf
from server.gateways.storage import Storage

LAST_BLOCK = "SELECT id, encode(hash, 'hex') AS hash FROM ledger.block ORDER BY id DESC LIMIT 1"


async def take(url: str, shelf: Shelf, *, storage: Storage, anchors: Path) -> tuple[Record, Path, int]:
    """Take a base backup and copy new photo files; return the record, its folder and how many files were copied.

    Needs a role with REPLICATION that may read the ledger. Raises BackupFailed, and then leaves no backup behind that
    looks complete.
    """
    await refuse_other_server(url)
    place = await asyncio.to_thread(_base_backup, url, shelf, anchors=anchors)
    shelf.note_sealed_copies(datetime.now(UTC))
    copied = await copy_new(storage, shelf.files)
    record = await _record(url)
    await asyncio.to_thread(_write, record, place)
    await asyncio.to_thread(forget, shelf, stored=copied.stored, now=record.made_at)
    return record, place, copied.new


def _base_backup(url: str, shelf: Shelf, *, anchors: Path) -> Path:
    shelf.prepare()
    address = Address.of(url)
    place = shelf.place(datetime.now(UTC))
    place.mkdir(mode=0o700)
    try:
        run(
            "pg_basebackup",
            *("--dbname", address.open, "--pgdata", place / "database", "--checkpoint=fast"),
            *("--wal-method=stream", "--manifest-checksums=SHA256"),
            secrets=address.secrets,
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


async def refuse_other_server(url: str) -> None:
    """Refuse a server of another major version than our programs. Raises BackupFailed."""
    found = await _asked(url, "SELECT current_setting('server_version_num')::int / 10000 AS major")
    await asyncio.to_thread(refuse_other_version, found["major"] if found else 0, whose="数据库")


async def _record(url: str) -> Record:
    last = await _asked(url, LAST_BLOCK)
    version = await _asked(url, "SELECT current_setting('server_version') AS version")
    return Record(
        made_at=datetime.now(UTC),
        server_version=version["version"] if version else "",
        database=urlsplit(url).path.lstrip("/"),
        block=last["id"] if last else None,
        block_hash=last["hash"] if last else None,
    )


async def _asked(url: str, question: str) -> asyncpg.Record | None:
    try:
        connection = await asyncpg.connect(url, timeout=10)
        try:
            return await connection.fetchrow(question)
        finally:
            await connection.close()
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        raise BackupFailed(f"读不到数据库（{type(error).__name__}），没有备份成功。") from error
