"""The keys of a trial: made once, kept next to the data they open."""

import base64
import secrets
from collections.abc import Mapping
from pathlib import Path

from server.trial.obstacle import Obstacle
from server.trial.writing import write_whole

NAMES = ("MASTER_KEYS", "LOOKUP_KEY", "LINK_KEY", "REPORTER_KEYS")
BY_ID = ("MASTER_KEYS", "REPORTER_KEYS")
LATER = ("REPORTER_KEYS",)  # folders of earlier versions lack these


def keys(file: Path, *, given: Mapping[str, str], sealed: Path) -> dict[str, str]:
    """Return the keys from `file`, created on the first call; keys named in `given` are taken from there instead.

    Raises Obstacle if the file is gone while the data they seal still exists in `sealed`.
    """
    if not all(given.get(name) for name in NAMES) and not file.exists():
        if sealed.exists():
            advice = f"请从备份找回这个文件；若数据不要了，删除 {file.parent} 后重试。"
            raise Obstacle(f"密钥文件 {file} 不见了，没有它打不开已有的数据。{advice}")
        write_whole(file, "".join(f"{name}={_new_key(name)}\n" for name in NAMES))
    kept = _read(file) if file.exists() else {}
    if new := [name for name in LATER if not given.get(name) and name not in kept]:
        kept |= {name: _new_key(name) for name in new}
        write_whole(file, "".join(f"{name}={key}\n" for name, key in kept.items()))
    return {name: given.get(name) or kept[name] for name in NAMES}


def _new_key(name: str) -> str:
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    return f"k1:{key}" if name in BY_ID else key


def _read(file: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in file.read_text().splitlines() if "=" in line)
