"""Runs PostgreSQL's own programs: those of the machine if `PG_BIN` names their folder, otherwise the wheel's."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from server.backups.shelf import BackupFailed
from server.trial import postgres_programs


def program(name: str) -> Path:
    """Return the path of one of PostgreSQL's programs."""
    folder = os.environ.get("PG_BIN")
    return Path(folder) / name if folder else postgres_programs.program(name)


def run(name: str, *words: str | Path, trouble: str) -> str:
    """Run a program to its end and return what it prints; raises BackupFailed with `trouble` and its last line."""
    done = subprocess.run(
        [program(name), *words], capture_output=True, text=True, errors="replace", check=False, cwd="/"
    )
    if done.returncode != 0:
        raise BackupFailed(f"{trouble}：{_last_line(done.stderr, done.stdout)}")
    return done.stdout


def start(name: str, words: Sequence[str | Path]) -> subprocess.Popen[bytes]:
    """Start a program that runs on; it ends with us."""
    return subprocess.Popen([program(name), *words], stdin=subprocess.DEVNULL, cwd="/")


def _last_line(*texts: str) -> str:
    lines = [line.strip() for text in texts for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "没有说明"
