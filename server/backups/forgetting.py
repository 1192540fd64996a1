"""Removes what is older than its term: backups, the log, and copies of photos that were erased in the meantime."""

import shutil
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from server.backups.shelf import STAMP, Shelf

BACKUPS_KEPT = timedelta(days=35)
LOG_KEPT = timedelta(days=7)
MISSED = "erased.json"  # since when the storage lacks a file that we still have


def forget(shelf: Shelf, *, stored: Collection[str], now: datetime) -> None:
    """Remove what is too old; the newest complete backup stays, whatever its age. `stored` are the storage's keys."""
    _, newest = next(shelf.complete())
    for folder in shelf.folder.glob("*T*Z"):
        if folder != newest and now - _taken_at(folder) > BACKUPS_KEPT:
            shutil.rmtree(folder)
    for segment in shelf.wal.iterdir():
        if now - datetime.fromtimestamp(segment.stat().st_mtime, UTC) > LOG_KEPT:
            segment.unlink()
    _forget_erased(shelf, stored=stored, now=now)


def _forget_erased(shelf: Shelf, *, stored: Collection[str], now: datetime) -> None:
    """Remove copies 35 days after the storage lost the file: until then, a backup may still need them."""
    file = shelf.folder / MISSED
    before = msgspec.json.decode(file.read_bytes(), type=dict[str, datetime]) if file.exists() else {}
    missed = {
        key: before.get(key, now) for key in map(shelf.key_of, _files(shelf.files)) if key not in stored
    }
    for key, since in list(missed.items()):
        if now - since > BACKUPS_KEPT:
            (shelf.files / key).unlink()
            del missed[key]
    file.write_bytes(msgspec.json.encode(missed))


def _files(folder: Path) -> list[Path]:
    return [one for one in folder.rglob("*") if one.is_file() and not one.name.startswith(".")]


def _taken_at(folder: Path) -> datetime:
    return datetime.strptime(folder.name, STAMP).replace(tzinfo=UTC)
