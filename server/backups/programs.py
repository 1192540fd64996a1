"""Runs PostgreSQL's own programs: those of the machine if `PG_BIN` names their folder, otherwise the wheel's."""

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from server.backups.shelf import BackupFailed
from server.trial import postgres_programs
from server.trial.obstacle import Obstacle

SECRETS = {"password": "PGPASSWORD", "passfile": "PGPASSFILE"}
NO_SECRETS: Mapping[str, str] = {}


@dataclass(frozen=True)
class Address:
    """A database's address for a command line, which everybody on the machine can read, and its secrets apart."""

    open: str
    secrets: Mapping[str, str]  # for the environment, which only the same account can read

    @classmethod
    def of(cls, url: str) -> "Address":
        """Take the password out of a DATABASE_URL, wherever it stands in it."""
        parts = urlsplit(url)
        login, at, host = parts.netloc.rpartition("@")
        user, _, password = login.partition(":")
        asked = parse_qsl(parts.query, keep_blank_values=True)
        secrets = {SECRETS[name]: value for name, value in asked if name in SECRETS}
        secrets |= {"PGPASSWORD": unquote(password)} if password else {}
        query = urlencode([one for one in asked if one[0] not in SECRETS], quote_via=quote)
        return cls(f"{parts.scheme}://{user}{at}{host}{parts.path}{query and '?'}{query}", secrets)


def folder_of_programs() -> Path | None:
    """Return the folder of the machine's programs; none means the wheel's."""
    named = os.environ.get("PG_BIN")
    return Path(named) if named else None


def refuse_other_version(theirs: int, *, whose: str) -> None:
    """Refuse programs of another major version than a database's: only its own can restore it. Raises BackupFailed."""
    told = run("postgres", "--version", trouble="PostgreSQL 的程序不能运行")
    ours = int(found[1]) if (found := re.search(r"(\d+)", told)) else 0
    if ours != theirs:
        raise BackupFailed(
            f"{whose}是 PostgreSQL {theirs}，这里的程序是 {ours}。请安装 PostgreSQL {theirs}，"
            f"并让 PG_BIN 指向它的程序文件夹，例如 /usr/lib/postgresql/{theirs}/bin。"
        )


def run(name: str, *words: str | Path, trouble: str, secrets: Mapping[str, str] = NO_SECRETS) -> str:
    """Run a program to its end and return what it prints; raises BackupFailed with `trouble` and its last line."""
    try:
        done = subprocess.run(
            [_program(name), *words],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            cwd="/",
            env=_environment(secrets),
        )
    except OSError as error:
        raise BackupFailed(_no_program(name)) from error
    if done.returncode != 0:
        raise BackupFailed(f"{trouble}：{_last_line(done.stderr, done.stdout)}")
    return done.stdout


def start(name: str, words: Sequence[str | Path], *, secrets: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a program that runs on; it ends with us."""
    environment = _environment(secrets)
    return subprocess.Popen([_program(name), *words], stdin=subprocess.DEVNULL, cwd="/", env=environment)


def _program(name: str) -> Path:
    try:
        return postgres_programs.program(name, folder=folder_of_programs())
    except Obstacle as obstacle:
        raise BackupFailed(_no_program(name)) from obstacle


def _no_program(name: str) -> str:
    where = folder_of_programs() or "这台机器"
    return f"在{where}没有找到 PostgreSQL 的程序 {name}。请安装它，并让 PG_BIN 指向它的文件夹。"


def _environment(secrets: Mapping[str, str]) -> dict[str, str]:
    """Return our environment with the secrets; messages are in English, which the log's readers can look up."""
    return {**os.environ, **secrets, "LC_ALL": "C"}


def _last_line(*texts: str) -> str:
    lines = [line.strip() for text in texts for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "没有说明"
