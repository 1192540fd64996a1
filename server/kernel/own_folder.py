"""What our processes write is for their own account: pictures, anchors, exports and logs are nobody else's to read."""

import os
from contextlib import suppress
from pathlib import Path

OTHERS = 0o077


def close_to_others(folder: Path) -> None:
    """From now on this process writes for its account alone, and what lies in its folder already is closed too.

    The folder itself may still be passed through: the trial's database works in it under an account of its own.
    """
    os.umask(OTHERS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _take_away(folder, 0o066)
    for inside in folder.iterdir():
        _take_away(inside, OTHERS)


def _take_away(path: Path, rights: int) -> None:
    with suppress(PermissionError, FileNotFoundError):  # another account's own, or gone meanwhile
        mode = path.lstat().st_mode & 0o7777
        if mode & rights and not path.is_symlink():
            path.chmod(mode & ~rights)
