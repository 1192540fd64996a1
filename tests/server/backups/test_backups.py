"""Backups: what is copied, what is never copied, what is forgotten, and who is told when a backup is overdue."""

import os
import stat
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from server.backups import BackupFailed, Shelf, check
from server.backups.files import OPEN, copy_new
from server.backups.forgetting import forget
from server.backups.restoring import restore
from server.backups.shelf import Record
from server.gateways.storage import Storage

NOW = datetime(2026, 11, 28, 4, tzinfo=UTC)
MOMENT = timedelta(seconds=1)


@pytest.fixture
def shelf(tmp_path):
    made = Shelf(tmp_path / "backups")
    made.prepare()
    return made


@pytest.fixture
async def storage(tmp_path):
    found = Storage.at((tmp_path / "storage").as_uri())
    await found.put("originals/ab/abc", b"a street")
    await found.put("renditions/cd/cde", b"a street, smaller")
    await found.put("sealed/ef/efg", b"nobody knows whose")
    await found.put("round-keys/1", b"joins judges and ballots until the seal")
    return found


def backed_up(shelf, at):
    place = shelf.place(at)
    place.mkdir()
    record = Record(made_at=at, server_version="18", database="duchatong", block=1, block_hash="ab")
    (place / "backup.json").write_bytes(msgspec.json.encode(record))
    return place


async def test_photos_are_copied_once_and_the_keys_of_scoring_never(shelf, storage):
    first = await copy_new(storage, shelf.files)
    again = await copy_new(storage, shelf.files)

    assert (first.new, again.new) == (3, 0)
    assert (shelf.files / "sealed/ef/efg").read_bytes() == b"nobody knows whose"
    assert not (shelf.files / "round-keys").exists()


async def test_between_the_hours_sealed_photos_wait(shelf, storage):
    await copy_new(storage, shelf.files, kinds=OPEN)
    assert not (shelf.files / "sealed").exists()


async def test_a_copy_has_the_date_of_the_storage_and_not_of_the_copying(shelf, storage, tmp_path):
    dated = NOW.timestamp() - 86400
    os.utime(tmp_path / "storage/sealed/ef/efg", (dated, dated))
    await copy_new(storage, shelf.files)
    assert (shelf.files / "sealed/ef/efg").stat().st_mtime == dated


async def test_what_a_rotation_of_keys_wrapped_anew_is_copied_anew(shelf, storage, tmp_path):
    await copy_new(storage, shelf.files)
    await storage.put("originals/ab/abc", b"a street, under another key")
    later = NOW.timestamp() + 10 * 365 * 86400
    os.utime(tmp_path / "storage/originals/ab/abc", (later, later))

    assert (await copy_new(storage, shelf.files)).new == 1
    assert (shelf.files / "originals/ab/abc").read_bytes() == b"a street, under another key"


def test_a_backup_is_closed_to_everybody_else(shelf):
    for folder in (shelf.folder, shelf.wal, shelf.files):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("age", "is_there"), [(timedelta(days=35), True), (timedelta(days=35) + MOMENT, False)]
)
def test_a_backup_goes_after_35_days_and_the_newest_never(shelf, age, is_there):
    old, newest = backed_up(shelf, NOW - age), backed_up(shelf, NOW)
    forget(shelf, stored=set(), now=NOW)
    assert old.exists() is is_there
    forget(shelf, stored=set(), now=NOW + timedelta(days=400))
    assert newest.exists()


@pytest.mark.parametrize(
    ("age", "is_there"), [(timedelta(days=7), True), (timedelta(days=7) + MOMENT, False)]
)
def test_the_log_goes_after_a_week(shelf, age, is_there):
    backed_up(shelf, NOW)
    segment = shelf.wal / "000000010000000000000001"
    segment.write_bytes(b"who wrote when")
    written = (NOW - age).timestamp()
    os.utime(segment, (written, written))
    forget(shelf, stored=set(), now=NOW)
    assert segment.exists() is is_there


async def test_an_erased_photo_leaves_the_backups_after_35_days(shelf, storage):
    backed_up(shelf, NOW)
    await copy_new(storage, shelf.files)
    await storage.remove("originals/ab/abc")
    left = {"renditions/cd/cde", "sealed/ef/efg"}
    copy = shelf.files / "originals/ab/abc"

    forget(shelf, stored=left, now=NOW)
    forget(shelf, stored=left, now=NOW + timedelta(days=35))
    assert copy.exists()
    forget(shelf, stored=left, now=NOW + timedelta(days=35) + MOMENT)
    assert not copy.exists()
    assert (shelf.files / "renditions/cd/cde").exists()


def test_an_overdue_backup_or_drill_is_told(shelf):
    with pytest.raises(BackupFailed, match="没有完整备份"):
        check(shelf, now=NOW)
    backed_up(shelf, NOW)
    with pytest.raises(BackupFailed, match="还没有做过演练"):
        check(shelf, now=NOW)
    shelf.note_drill(shelf.before(None)[0])
    drilled = shelf.last_drill()

    assert "最近备份2026-11-28 12:00" in check(shelf, now=NOW + timedelta(hours=26))
    with pytest.raises(BackupFailed, match="超过26小时"):
        check(shelf, now=NOW + timedelta(hours=26) + MOMENT)
    at = drilled + timedelta(days=8)
    backed_up(shelf, at.replace(microsecond=0))
    assert check(shelf, now=at)
    with pytest.raises(BackupFailed, match="超过8天没有演练"):
        check(shelf, now=at + MOMENT)


def test_the_backup_of_an_instant_is_the_last_one_complete_by_then(shelf):
    earlier, later = backed_up(shelf, NOW), backed_up(shelf, NOW + timedelta(days=1))
    unfinished = shelf.place(NOW + timedelta(days=2))
    unfinished.mkdir()

    assert shelf.before(None)[1] == later
    assert shelf.before(NOW + timedelta(days=1))[1] == later
    assert shelf.before(NOW + timedelta(days=1) - MOMENT)[1] == earlier
    with pytest.raises(BackupFailed, match="没有这个时刻之前的完整备份"):
        shelf.before(NOW - MOMENT)


async def test_a_restore_overwrites_nothing(shelf, tmp_path):
    backed_up(shelf, NOW)
    (tmp_path / "busy").mkdir()
    (tmp_path / "busy" / "somebody's").touch()
    with pytest.raises(BackupFailed, match="已经有东西"):
        await restore(shelf, tmp_path / "busy")
