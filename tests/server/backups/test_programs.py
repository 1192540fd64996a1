"""PostgreSQL's own programs: whose are used, what their command lines show, and which versions fit."""

import asyncio
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit, urlunsplit

import pytest

from server.backups import BackupFailed, Shelf, follow, restore, take
from server.backups.programs import Address
from server.gateways.storage import Storage
from server.trial.postgres_programs import program

PASSWORD = "geheim/ne@:%"
WRITTEN = "geheim%2Fne%40%3A%25"
RECORDING = """#!/bin/sh
tr '\\0' ' ' < /proc/$$/cmdline >> "$0.seen"
echo "PGPASSWORD=$PGPASSWORD" >> "$0.environment"
exec "{real}" "$@"
"""


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path / "backups")


@pytest.fixture
async def storage(tmp_path):
    found = Storage.at((tmp_path / "storage").as_uri())
    await found.put("originals/ab/abc", b"a street")
    await found.put("sealed/ef/efg", b"nobody knows whose")
    return found


@pytest.fixture
def recorded(tmp_path, monkeypatch):
    """Let PG_BIN name the wheel's programs, each behind a script that writes down how it was called."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for real in program("postgres").parent.iterdir():
        script = folder / real.name
        script.write_text(RECORDING.format(real=real))
        script.chmod(0o755)
    monkeypatch.setenv("PG_BIN", str(folder))
    return folder


def with_a_password(url):
    parts = urlsplit(url)
    user, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}:{WRITTEN}@{host}"))


async def followed(url, shelf, storage):
    """Follow for one round."""
    stop = asyncio.Event()
    stop.set()
    await follow(url, shelf, storage=storage, stop=stop, say=lambda _: None)


@pytest.mark.parametrize(
    ("url", "is_open", "password"),
    [
        (f"postgresql://me:{WRITTEN}@db:5433/city", "postgresql://me@db:5433/city", PASSWORD),
        (
            f"postgresql://me@/city?host=%2Frun%2Fpg&password={WRITTEN}&sslmode=require",
            "postgresql://me@/city?host=%2Frun%2Fpg&sslmode=require",
            PASSWORD,
        ),
        ("postgresql:///city", "postgresql:///city", None),
        (
            "postgresql://me@db/city?application_name=a%20b",
            "postgresql://me@db/city?application_name=a%20b",
            None,
        ),
    ],
)
def test_an_address_is_shown_without_its_password(url, is_open, password):
    address = Address.of(url)
    assert (address.open, address.secrets.get("PGPASSWORD")) == (is_open, password)


async def test_no_command_line_shows_the_databases_password(database_url, shelf, storage, recorded, tmp_path):
    url = with_a_password(database_url)
    await take(url, shelf, storage=storage, anchors=tmp_path / "none")
    await followed(url, shelf, storage)

    for name in ("pg_basebackup", "pg_receivewal"):
        shown = (recorded / f"{name}.seen").read_text()
        assert parse_qs(urlsplit(database_url).query)["host"][0].rsplit("/")[-1] in shown
        assert PASSWORD not in shown
        assert WRITTEN not in shown
        assert f"PGPASSWORD={PASSWORD}\n" in (recorded / f"{name}.environment").read_text()


async def test_a_follower_that_starts_again_copies_sealed_photos_once_an_hour(database_url, shelf, storage):
    await followed(database_url, shelf, storage)
    await storage.put("sealed/gh/ghi", b"whose this is tells its minute")
    await storage.put("originals/cd/cde", b"another street")
    await followed(database_url, shelf, storage)
    assert (shelf.files / "sealed/ef/efg").exists()
    assert (shelf.files / "originals/cd/cde").exists()
    assert not (shelf.files / "sealed/gh/ghi").exists()

    shelf.note_sealed_copies(datetime.now(UTC) - timedelta(hours=1))
    await followed(database_url, shelf, storage)
    assert (shelf.files / "sealed/gh/ghi").exists()


def test_sealed_photos_are_due_when_an_hour_is_full(shelf):
    now = datetime(2026, 11, 28, 4, tzinfo=UTC)
    shelf.prepare()
    assert shelf.are_sealed_due(now)
    shelf.note_sealed_copies(now)
    assert not shelf.are_sealed_due(now)
    assert not shelf.are_sealed_due(now + timedelta(minutes=59, seconds=59))
    assert shelf.are_sealed_due(now + timedelta(hours=1))
    assert shelf.are_sealed_due(now - timedelta(seconds=1))  # the machine's clock was wrong then


async def test_a_backup_counts_as_the_hours_copy_of_sealed_photos(database_url, shelf, storage, tmp_path):
    await take(database_url, shelf, storage=storage, anchors=tmp_path / "none")
    await storage.put("sealed/gh/ghi", b"whose this is tells its minute")
    await followed(database_url, shelf, storage)
    assert not (shelf.files / "sealed/gh/ghi").exists()


async def test_programs_of_another_version_are_refused_before_anything_is_written(
    database_url, shelf, storage, recorded, tmp_path
):
    await take(database_url, shelf, storage=storage, anchors=tmp_path / "none")
    (taken,) = shelf.folder.glob("*T*Z")
    (recorded / "postgres").write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 15.8 (Debian 15.8-1)'\n")
    advice = "这里的程序是 15。请安装 PostgreSQL 18，并让 PG_BIN 指向它的程序文件夹"

    with pytest.raises(BackupFailed, match=f"数据库是 PostgreSQL 18，{advice}"):
        await take(database_url, shelf, storage=storage, anchors=tmp_path / "none")
    with pytest.raises(BackupFailed, match=f"数据库是 PostgreSQL 18，{advice}"):
        await followed(database_url, Shelf(tmp_path / "other"), storage)
    with pytest.raises(BackupFailed, match=f"备份里的数据库是 PostgreSQL 18，{advice}"):
        await restore(shelf, tmp_path / "restored")
    assert [*shelf.folder.glob("*T*Z")] == [taken]
    assert not (tmp_path / "other").exists()
    assert not (tmp_path / "restored").exists()


async def test_a_folder_without_the_programs_is_told(database_url, shelf, storage, tmp_path, monkeypatch):
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    with pytest.raises(BackupFailed, match="没有找到 PostgreSQL 的程序 postgres。请安装它，并让 PG_BIN 指向"):
        await take(database_url, shelf, storage=storage, anchors=tmp_path / "none")
