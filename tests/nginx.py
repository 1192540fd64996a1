"""Finds nginx: the machine's own, or Debian's package unpacked beside our tools; nothing is installed or started."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from server.trial.node import TOOLS
from server.trial.obstacle import Obstacle

ADVICE = (
    "这项测试需要 nginx，请先安装（例如 apt install nginx），或用 NGINX=路径 指定。"
    "This test needs nginx: install it (apt install nginx) or set NGINX=path."
)


def nginx(tools: Path = TOOLS) -> Path:
    """Return the program; Obstacle tells how to get one."""
    given = os.environ.get("NGINX") or shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if given:
        return Path(given)
    folder = tools / "nginx"
    tools.mkdir(parents=True, exist_ok=True)
    with (tools / "nginx.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            with tempfile.TemporaryDirectory(dir=tools) as workshop:
                _unpacked(Path(workshop)).rename(folder)
    program = folder / "usr/sbin/nginx"
    if subprocess.run([program, "-v"], capture_output=True, check=False).returncode != 0:
        raise Obstacle(ADVICE)
    return program


def _unpacked(workshop: Path) -> Path:
    """Unpack Debian's package in `workshop`, reading the package lists first if they are missing."""
    print("正在取得 nginx……", file=sys.stderr, flush=True)
    if not _carry_out("apt-get", "download", "nginx", folder=workshop):
        _carry_out("apt-get", "update", folder=workshop)
        if not _carry_out("apt-get", "download", "nginx", folder=workshop):
            raise Obstacle(ADVICE)
    (package,) = workshop.glob("nginx_*.deb")
    if not _carry_out("dpkg", "-x", str(package), "unpacked", folder=workshop):
        raise Obstacle(ADVICE)
    return workshop / "unpacked"


def _carry_out(*words: str, folder: Path) -> bool:
    try:
        done = subprocess.run(words, cwd=folder, capture_output=True, timeout=300, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    try:
        print(nginx())
    except Obstacle as obstacle:
        sys.exit(str(obstacle))
