"""PostgreSQL for the tests: one server for the whole run, a fresh database on request.

`TEST_DATABASE_URL` names a server to use instead (its role must be allowed to create databases).
Under pytest-xdist the processes share one embedded server; the last one stops it.
"""

import asyncio
import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import pytest

from server.trial.postgres import EmbeddedPostgres

TEMPORARY = Path(tempfile.gettempdir())
FOLDER = f"duchatong-tests-{os.getuid()}-"
Migrate = Callable[[str], Awaitable[object]]


class TestPostgres:
    """A server that provides databases; `embedded` is None if TEST_DATABASE_URL was given."""

    __test__ = False

    def __init__(self, server_url: str, *, run: str, embedded: EmbeddedPostgres | None = None) -> None:
        self.embedded = embedded
        self._server_url = server_url
        self._prefix = f"test_{run}"
        self._made: list[str] = []
        self._templates: list[str] = []

    def url(self, database: str) -> str:
        return urlunsplit(urlsplit(self._server_url)._replace(path=f"/{database}"))

    async def template(self, build: Migrate, *, name: str = "template") -> str:
        """Return the name of a database that `build(url)` fills once per run, in whichever process comes first."""
        database = f"{self._prefix}_{name}"
        server = await asyncpg.connect(self.url("postgres"))
        try:
            await server.execute("SELECT pg_advisory_lock(hashtext($1))", database)
            if not await server.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", database):
                unfinished = f"{database}_unfinished"
                await server.execute(f'DROP DATABASE IF EXISTS "{unfinished}" WITH (FORCE)')
                await server.execute(f'CREATE DATABASE "{unfinished}"')
                await build(self.url(unfinished))
                await server.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{database}"')
        finally:
            await server.close()
        self._templates.append(database)
        return database

    async def new_database(self, *, template: str = "template1") -> str:
        """Return the address of a new database, a copy of `template`."""
        database = f"{self._prefix}_{uuid4().hex[:10]}"
        await self._execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        self._made.append(database)
        return self.url(database)

    async def drop(self, url: str) -> None:
        database = urlsplit(url).path.lstrip("/")
        await self._execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        self._made.remove(database)

    async def drop_all(self) -> None:
        """Drop what this process made; also the templates, unless other processes may still copy them."""
        for database in list(self._made):
            await self.drop(self.url(database))
        if "PYTEST_XDIST_WORKER" not in os.environ:
            for database in self._templates:
                await self._execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    async def _execute(self, statement: str) -> None:
        server = await asyncpg.connect(self.url("postgres"))
        try:
            await server.execute(statement)
        finally:
            await server.close()


def run_name() -> str:
    """Return a name that is equal in all processes of one pytest run and different for every run."""
    return os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid4().hex)[:8]


def clear_away(folder: Path) -> None:
    """Stop and remove the server of one test run, unless somebody still uses it."""
    with contextlib.suppress(FileNotFoundError):  # the other process of this run ended last and did it
        embedded = EmbeddedPostgres(folder)
        embedded.stop()
        if not embedded.is_running():
            shutil.rmtree(folder, ignore_errors=True)


def _last_used(folder: Path) -> float:
    """Return when something last changed in a folder; if another run just removed it, return the current time."""
    try:
        return folder.stat().st_mtime
    except FileNotFoundError:
        return time.time()


def clear_away_the_forgotten() -> None:
    """Stop and remove servers that killed test runs left hours ago; a whole run may leave one untouched for long."""
    for folder in TEMPORARY.glob(f"{FOLDER}*"):
        if _last_used(folder) < time.time() - 3 * 3600:
            clear_away(folder)


@pytest.fixture(scope="session")
async def postgres():
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        server = TestPostgres(given, run=run_name())
        yield server
        await server.drop_all()
        return

    run = run_name()
    folder = TEMPORARY / f"{FOLDER}{run}"
    await asyncio.to_thread(clear_away_the_forgotten)
    embedded = EmbeddedPostgres(folder)
    url = await asyncio.to_thread(embedded.start)
    yield TestPostgres(url, run=run, embedded=embedded)
    await asyncio.to_thread(embedded.stop)
    await asyncio.to_thread(clear_away, folder)
