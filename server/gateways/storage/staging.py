"""Staging: the folder where bytes are hashed, sealed and written before they get their address."""

import os
import secrets
import shutil
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from server.gateways.sealing import Sealer
from server.gateways.storage.outcomes import TooLarge


class Scales:
    """Counts and hashes bytes; raises TooLarge as soon as they exceed `limit`."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._digest = sha256()
        self.bytes = 0

    def add(self, data: bytes) -> None:
        self.bytes += len(data)
        if self.bytes > self._limit:
            raise TooLarge(self._limit)
        self._digest.update(data)

    def sha256(self) -> str:
        return self._digest.hexdigest()


class Parcel:
    """A file being written in the staging folder, sealed on the way if a sealer is given."""

    def __init__(self, path: Path, *, sealer: Sealer | None = None) -> None:
        self.path = path
        self._sealer = sealer
        self._frames = sha256()
        self._file = path.open("xb")
        if sealer:
            self._file.write(sealer.head)

    def add(self, data: bytes) -> None:
        self._write(self._sealer.feed(data) if self._sealer else data)

    def finish(self) -> None:
        """Write the rest and wait until all of it is on the disk."""
        if self._sealer:
            self._write(self._sealer.finish())
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    @property
    def sealed_sha256(self) -> str:
        """Return the digest of the sealed frames, once finished; empty if not sealed."""
        return self._frames.hexdigest() if self._sealer else ""

    def _write(self, data: bytes) -> None:
        self._frames.update(data)
        self._file.write(data)

    def discard(self) -> None:
        """Leave nothing behind; harmless after the parcel has moved to its address."""
        with suppress(OSError):  # closing writes what is buffered, which a full disk refuses once more
            self._file.close()
        self.path.unlink(missing_ok=True)


class Staging:
    """The staging folder, on a local disk and private to the process's user."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder

    def parcel(self, *, sealer: Sealer | None = None) -> Parcel:
        return Parcel(self.folder / f"{secrets.token_hex(16)}.part", sealer=sealer)

    def free_bytes(self) -> int:
        return shutil.disk_usage(self.folder).free

    def sweep(self, older_than: datetime) -> int:
        """Remove what crashed processes left: files last written before that instant. Returns how many."""
        stale = [path for path in self.folder.glob("*.part") if _written(path) < older_than.timestamp()]
        for path in stale:
            path.unlink(missing_ok=True)
        return len(stale)


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # its upload has just finished
        return float("inf")
