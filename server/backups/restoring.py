"""Restores the database to a named second, then its photo files, and opens only what the ledger proves whole."""

import asyncio
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from server.backups.programs import folder_of_programs, refuse_other_version, run
from server.backups.shelf import ANCHORS, BackupFailed, Record, Shelf
from server.kernel.clock import SHANGHAI
from server.trial.account import account_for
from server.trial.obstacle import Obstacle
from server.trial.postgres import EmbeddedPostgres
from server.verifying import verify

PROMOTE_SECONDS = 3600.0
CONFIGURATION = "postgresql.auto.conf"
USUAL_CONFIGURATION = (
    "postgresql.conf"  # some systems keep it outside the database's folder: no backup has it
)
# A standby refuses to replay the log of a server that had more of these.
AT_LEAST = {
    "max_connections": "max_connections",
    "max_worker_processes": "max_worker_processes",
    "max_wal_senders": "max_wal_senders",
    "max_prepared_xacts": "max_prepared_transactions",
    "max_locks_per_xact": "max_locks_per_transaction",
}
ORDERS = """# For the time of the restore:
hba_file = '{hba}'
restore_command = 'cp "{wal}/%f" "%p" 2>/dev/null || cp "{wal}/%f.partial" "%p" 2>/dev/null'
recovery_target_action = 'promote'
recovery_target_inclusive = 'true'
"""


@dataclass(frozen=True)
class Restored:
    """What was restored: from which backup, where it lies, what the verification says, and how long it took."""

    record: Record
    database: Path
    storage: Path
    faults: list[str]
    summary: str
    seconds: float


async def restore(
    shelf: Shelf,
    to: Path,
    *,
    at: datetime | None = None,
    anchors: Path | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Restored:
    """Restore into an empty folder: `data` for PostgreSQL, `storage` for photo files; raises BackupFailed.

    The order of R4.8: the database to its instant, the files it names, the ledger against its anchors, then open.
    Without `at`, everything in the log is replayed. Damage is told, never repaired or passed over.
    """
    begun = time.monotonic()
    record, place = await asyncio.to_thread(_lay_out, shelf, to, at=at, say=say)
    say("重放数据库日志……")
    database = EmbeddedPostgres(
        to, database=record.database, programs=folder_of_programs(), settings=_settings_of(to / "data")
    )
    try:
        url = await asyncio.to_thread(_bring_up, database, at=at)
        say("复制照片文件，核验存证账本……")
        await asyncio.to_thread(shutil.copytree, shelf.files, to / "storage", dirs_exist_ok=True)
        found = await verify(url, anchors=anchors or place / ANCHORS, storage=(to / "storage").as_uri())
    finally:
        await asyncio.to_thread(database.stop)
    await asyncio.to_thread(_withdraw_orders, to)
    faults = [str(one) for one in found.faults]
    return Restored(
        record, to / "data", to / "storage", faults, found.summary, seconds=time.monotonic() - begun
    )


def _lay_out(
    shelf: Shelf, to: Path, *, at: datetime | None, say: Callable[[str], None]
) -> tuple[Record, Path]:
    """Check the base backup and copy it to its place, with orders to replay the log up to an instant."""
    if to.exists() and any(to.iterdir()):
        raise BackupFailed(f"{to}里已经有东西。请恢复到一个空文件夹，核对无误后再换上。")
    record, place = shelf.before(at)
    refuse_other_version(_major_version(place / "database"), whose="备份里的数据库")
    say(f"用{record.made_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}的备份恢复，先核对每个文件……")
    run("pg_verifybackup", "--no-parse-wal", place / "database", trouble="备份的数据库文件已损坏")
    data = to / "data"
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copytree(place / "database", data)
    _lay_out_log(shelf.wal, to / "wal", since=min(one.name for one in (data / "pg_wal").glob("0*")))
    (to / "hba.conf").write_text("local all all trust\n")
    orders = ORDERS.format(wal=_quoted(to / "wal"), hba=_quoted(to / "hba.conf"))
    if at:
        orders += f"recovery_target_time = '{at.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}+00'\n"
    with (data / CONFIGURATION).open("a") as file:
        file.write(orders)
    (data / USUAL_CONFIGURATION).touch()
    (data / "recovery.signal").touch()
    account = account_for(to)
    for folder, _, names in os.walk(to):
        for one in (Path(folder), *(Path(folder, name) for name in names)):
            account.take(one)
    data.chmod(0o700)
    return record, place


def _major_version(data: Path) -> int:
    try:
        return int((data / "PG_VERSION").read_text())
    except (OSError, ValueError) as error:
        raise BackupFailed("备份的数据库文件已损坏：读不到 PG_VERSION。") from error


def _settings_of(data: Path) -> dict[str, str]:
    """Return the settings with which the backed up server ran and without which its log can't be replayed."""
    told = run("pg_controldata", data, trouble="读不到备份的数据库设置")
    lines = dict(line.split(" setting:", 1) for line in told.splitlines() if " setting:" in line)
    return {setting: lines[name].strip() for name, setting in AT_LEAST.items() if name in lines}


def _lay_out_log(wal: Path, to: Path, *, since: str) -> None:
    """Copy the log written since a backup to where the database's own account can read it."""
    to.mkdir()
    for segment in wal.iterdir():
        if segment.name >= since or segment.name.endswith(".history"):
            shutil.copy2(segment, to / segment.name)


def _withdraw_orders(to: Path) -> None:
    """Leave PostgreSQL's settings as they were backed up."""
    shutil.rmtree(to / "wal")
    (to / "hba.conf").unlink()
    if not (usual := to / "data" / USUAL_CONFIGURATION).stat().st_size:
        usual.unlink()
    file = to / "data" / CONFIGURATION
    file.write_text(file.read_text("utf-8").partition(ORDERS.partition("\n")[0])[0], "utf-8")


def _quoted(path: Path) -> str:
    return str(path.absolute()).replace("'", "''")


def _bring_up(database: EmbeddedPostgres, *, at: datetime | None) -> str:
    """Start the server and wait until it has replayed the log and taken over. Raises BackupFailed."""
    try:
        url = database.start()
        until = time.monotonic() + PROMOTE_SECONDS
        while database.run("SELECT pg_is_in_recovery()") == "t":
            if time.monotonic() > until:
                raise BackupFailed("一小时还没有重放完数据库日志。")
            time.sleep(0.1)
    except Obstacle as obstacle:
        when = f"，到不了{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" if at else ""
        raise BackupFailed(f"数据库日志不完整或已损坏{when}：{obstacle}") from obstacle
    return url
