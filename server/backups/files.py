"""Copies photo files under their keys. Only a rotation of keys rewrites one, so an older copy is replaced."""

import os
import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from server.gateways.storage import Missing, Storage

# Scoring keys lie in the same storage and are in no backup: a copy would outlive the seal (decision 0024).
OPEN = ("originals", "renditions")
EVERYTHING = (*OPEN, "sealed")


@dataclass(frozen=True)
class Copied:
    """The keys that the storage had, and how many of them were copied now."""

    stored: set[str]
    new: int


async def copy_new(storage: Storage, folder: Path, *, kinds: Iterable[str] = EVERYTHING) -> Copied:
    """Copy the files that the folder lacks or has from before a rotation of keys.

    They are copied in mixed order and keep the storage's dates: when a sealed photo was copied tells nothing of when it
    came, as long as sealed ones are copied hourly at most.
    """
    lacking, stored = [], set()
    for kind in kinds:
        async for key, written_at in storage.written(kind):
            stored.add(key)
            copy = folder / key
            if not copy.exists() or copy.stat().st_mtime < int(written_at.timestamp()):
                lacking.append((key, written_at.timestamp()))
    random.SystemRandom().shuffle(lacking)
    copied = [await _copy(storage, key, folder / key, dated=dated) for key, dated in lacking]
    return Copied(stored, sum(copied))


async def _copy(storage: Storage, key: str, to: Path, *, dated: float) -> bool:
    """Copy one file completely or not at all; a file that was erased in the meantime is left out."""
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = to.with_name(f".{to.name}.unfinished")
    try:
        with unfinished.open("wb") as file:
            async for chunk in storage.stream(key):
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
    except Missing:
        unfinished.unlink(missing_ok=True)
        return False
    os.utime(unfinished, (dated, dated))
    unfinished.rename(to)
    return True
