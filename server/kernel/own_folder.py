"""Keeps what our processes write (pictures, anchors, exports, logs) readable by their own account only."""

import os
from contextlib import suppress
from pathlib import Path

OTHERS = 0o077


def close_to_others(folder: Path) -> None:
    """Make this process write for its own account only, and close what is already in its folder.

    The folder itself stays passable, because the trial's database works in it under an account of its own.
    """
    os.umask(OTHERS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _take_away(folder, 0o066)
    for inside in folder.iterdir():
        _take_away(inside, OTHERS)


def _take_away(path: Path, rights: int) -> None:
    with suppress(PermissionError, FileNotFoundError):  # owned by another account, or removed meanwhile
        mode = path.lstat().st_mode & 0o7777
        if mode & rights and not path.is_symlink():
            path.chmod(mode & ~rights)
