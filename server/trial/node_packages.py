"""Installs npm packages by their lock file, again only when the lock has changed."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

from server.trial.node import ADVICE, TOOLS, node_folder
from server.trial.obstacle import Obstacle
from server.trial.watching import ROOT

HARNESS = ROOT / "tests" / "miniprogram"  # runs the mini-program in a browser: for tests and for the preview
MINIPROGRAM = ROOT / "miniprogram"
MARK = ".installed"  # a copy of the lock file that the packages came from


def environment() -> dict[str, str]:
    """Return the environment in which `node` and `npm` are found."""
    return os.environ | {"PATH": f"{node_folder()}{os.pathsep}{os.environ.get('PATH', '')}"}


def install(folder: Path, *, only_running: bool = False) -> None:
    """Install `folder`'s packages as locked; `only_running` leaves out those that only tests need.

    Raises Obstacle when npm cannot get them.
    """
    TOOLS.mkdir(parents=True, exist_ok=True)
    with (TOOLS / "npm.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_installed(folder, only_running=only_running):
            _install(folder, only_running=only_running)


def _is_installed(folder: Path, *, only_running: bool) -> bool:
    mark = folder / "node_modules" / MARK
    if not mark.exists():
        return False
    lock = (folder / "package-lock.json").read_text("utf-8")
    return mark.read_text("utf-8") in ({lock, f"running\n{lock}"} if only_running else {lock})


def _install(folder: Path, *, only_running: bool) -> None:
    print("正在安装小程序的工具……", file=sys.stderr, flush=True)
    words = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]
    words += ["--omit=dev"] if only_running else []
    done = subprocess.run(words, cwd=folder, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Obstacle(f"小程序的工具没有装好。{ADVICE}\n{done.stderr[-2000:]}")
    lock = (folder / "package-lock.json").read_text("utf-8")
    (folder / "node_modules" / MARK).write_text(f"running\n{lock}" if only_running else lock, "utf-8")


if __name__ == "__main__":
    try:
        for named in [Path(word) for word in sys.argv[1:]] or [HARNESS, MINIPROGRAM]:
            install(named)
    except Obstacle as obstacle:
        sys.exit(str(obstacle))
