"""Where backups lie, and what each of them says about itself.

DIR/wal/                         the write-ahead log, streamed without a gap
DIR/files/originals/ab/abcdef…   photo files under the keys of the storage; shared by all backups
DIR/20261128T013000Z/database/   a base backup with PostgreSQL's own manifest (SHA-256 of every file)
DIR/20261128T013000Z/backup.json written last: a backup without it is not one
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from msgspec import Struct

STAMP = "%Y%m%dT%H%M%SZ"
RECORD = "backup.json"
ANCHORS = "anchors.log"
DRILLED = "drilled.json"
SEALED = "sealed-copied.json"
# Sealed photos are copied once an hour at most: the minute of a copy would tell when a report came.
SEALED_EVERY = timedelta(hours=1)


class BackupFailed(Exception):
    """A backup could not be taken or restored; the text is one plain Chinese sentence saying what is wrong."""


class Record(Struct, frozen=True, kw_only=True):
    """What a backup says about itself: the instant it can be restored from, and the ledger's last block then."""

    made_at: datetime
    server_version: str
    database: str
    block: int | None
    block_hash: str | None


class Shelf:
    """One folder of backups."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        self.wal = self.folder / "wal"
        self.files = self.folder / "files"

    def prepare(self) -> None:
        """Create the folder, closed to everybody else: a backup is as secret as the database."""
        for one in (self.folder, self.wal, self.files):
            one.mkdir(mode=0o700, parents=True, exist_ok=True)

    def place(self, at: datetime) -> Path:
        """Return the folder of the backup taken at an instant."""
        return self.folder / at.astimezone(UTC).strftime(STAMP)

    def key_of(self, copy: Path) -> str:
        """Return the storage's key of a copied photo file."""
        return copy.relative_to(self.files).as_posix()

    def complete(self) -> Iterator[tuple[Record, Path]]:
        """Yield the complete backups, newest first; an unfinished one is passed over, a damaged record raises."""
        for path in sorted(self.folder.glob(f"*/{RECORD}"), reverse=True):
            try:
                yield msgspec.json.decode(path.read_bytes(), type=Record), path.parent
            except msgspec.DecodeError as error:
                raise BackupFailed(f"备份记录{path}已损坏，请用更早的备份。") from error

    def before(self, at: datetime | None) -> tuple[Record, Path]:
        """Return the newest backup that was complete at an instant. Raises BackupFailed."""
        for record, place in self.complete():
            if at is None or record.made_at <= at:
                return record, place
        raise BackupFailed(f"{self.folder}里没有{'这个时刻之前的' if at else ''}完整备份。")

    def note_drill(self, record: Record) -> None:
        """Note that a restore of this backup was proven now."""
        told = {"at": datetime.now(UTC), "backup": record.made_at}
        (self.folder / DRILLED).write_bytes(msgspec.json.encode(told))

    def last_drill(self) -> datetime | None:
        """Return when a restore was last proven."""
        file = self.folder / DRILLED
        return (
            msgspec.json.decode(file.read_bytes(), type=dict[str, datetime])["at"] if file.exists() else None
        )

    def note_sealed_copies(self, at: datetime) -> None:
        """Note that sealed photos are copied now, before they are: an interrupted copy has told its minute too."""
        (self.folder / SEALED).write_bytes(msgspec.json.encode({"at": at}))

    def are_sealed_due(self, now: datetime) -> bool:
        """Whether an hour has passed since sealed photos were last copied, by whichever program."""
        file = self.folder / SEALED
        if not file.exists():
            return True
        last = msgspec.json.decode(file.read_bytes(), type=dict[str, datetime])["at"]
        return not timedelta(0) <= now - last < SEALED_EVERY
