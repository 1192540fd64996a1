"""Migrates a database to the latest schema: `scripts/migrate [--despite-faults]`. A lock allows one run at a time.

Rows that a migration alters are covered again, which would hide earlier tampering. So the ledger is verified first,
and a database that differs from it is only migrated if a person insists, which is recorded.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import asyncpg
from tortoise import Tortoise
from tortoise.migrations.api.migrate import migrate as run_migrations

import models.migrations
from models.config import database_credentials, tortoise_config
from models.covered import COVERED, OF_ROWS
from models.lazy_states import drawn_when_asked
from server import reporters
from server.gateways import queue
from server.reporters.marking_earlier import mark_earlier_reports
from server.settings import Settings, SettingsMissing, read_settings
from server.tools import key_ring, mark_keys
from server.verifying import verify

MIGRATIONS = Path(models.migrations.__file__).parent
LOCK = 7_202_611
NEWEST_OF_THE_FORMER_CHAIN = "0025_what_the_database_guards_of_retention_requests"
AS_IT_IS = """
SELECT c.apart = $2 AND c.of_rows = $3
    AND c.shape = ledger.shape_of(c.name::regclass, ledger.columns_of(c.name::regclass, c.apart))
FROM ledger.covered c WHERE c.name = $1
"""
WRITTEN_ANEW = (
    *("observation", "reporter", "thread_message", "person", "salt", "consent", "session"),
    *("inbox_message", "report_message", "subscribe_message", "subscription_quota"),
    "journal_entry",  # it named the actor
)
MADE_ANEW = ("0001_the_tables", "0002_what_the_database_guards")


class LedgerBroken(Exception):
    """The database differs from its ledger, and was left as it is."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(
            f"升级前核验不通过，{len(faults)}处异常，数据库没有改动。请先运行 scripts/verify 查清原因；"
            f"确需带着异常升级的，加上 --despite-faults，升级会记入日志。第一处：{faults[0]}"
        )


async def migrate(url: str, *, settings: Settings | None = None, despite_faults: bool = False) -> None:
    """Apply all migrations and the queue's own schema; parallel calls wait for each other. Raises LedgerBroken.

    Reports from before decision 0019 are marked with the keys of `settings`, or else of the environment; raises
    SettingsMissing if there are such reports and no keys, and can then be repeated.
    """
    guard = await asyncpg.connect(**database_credentials(url))
    try:
        await guard.execute("SELECT pg_advisory_lock($1)", LOCK)
        await _take_over(guard)
        faults = await _faults_before(guard, url)
        if faults and not despite_faults:
            raise LedgerBroken(faults)
        try:
            with drawn_when_asked():
                await run_migrations(config=_as_a_migration(url), direction="forward")
        finally:
            await Tortoise.close_connections()
        await _cover(guard, faults=len(faults))
        await queue.install(guard)
        await _mark_reports(guard, url, settings)
    finally:
        await guard.close()


def _as_a_migration(url: str) -> dict[str, Any]:
    """Return settings under which the database itself records what a migration changes in covered tables."""
    config = tortoise_config(url, role=None, pool=2)
    config["connections"]["default"]["credentials"]["server_settings"]["ledger.migrating"] = "yes"
    return config


async def _faults_before(guard: asyncpg.Connection, url: str) -> list[str]:
    """Return the ledger's faults if there is a ledger and something to migrate."""
    if not await guard.fetchval("SELECT to_regclass('ledger.version')"):
        return []
    applied = {row["name"] for row in await guard.fetch("SELECT name FROM tortoise_migrations")}
    if {path.stem for path in MIGRATIONS.glob("0*.py")} <= applied:
        return []
    return (await verify(url)).faults


async def _cover(guard: asyncpg.Connection, *, faults: int) -> None:
    """Cover evidence whose coverage is out of date; open an era if the database was restored."""
    async with guard.transaction():
        await guard.execute("SELECT ledger.open_era()")
        if faults:
            await guard.execute(
                "SELECT ledger.enter('ledger.overruled', jsonb_build_object('faults', $1::int))", faults
            )
        for table, apart in COVERED.items():
            facts = (table, list(apart), OF_ROWS.get(table, "true"))
            if not await guard.fetchval(AS_IT_IS, *facts):
                await guard.execute("SELECT ledger.cover($1::text::regclass, $2, $3)", *facts)


async def _take_over(guard: asyncpg.Connection) -> None:
    """Recognise a database at the end of the former chain: it has what the new one creates (decision 0015)."""
    if not await guard.fetchval("SELECT to_regclass('tortoise_migrations')"):
        return
    async with guard.transaction():
        if not await guard.fetchval(
            "SELECT 1 FROM tortoise_migrations WHERE name = $1", NEWEST_OF_THE_FORMER_CHAIN
        ):
            return
        await guard.execute("DELETE FROM tortoise_migrations WHERE app = 'models'")
        await guard.executemany(
            "INSERT INTO tortoise_migrations (app, name, applied_at) VALUES ('models', $1, now())",
            [(name,) for name in MADE_ANEW],
        )


async def _mark_reports(guard: asyncpg.Connection, url: str, settings: Settings | None) -> None:
    """Mark old reports so that nothing names their reporters; rewrite the tables, as old rows keep dropped columns."""
    if not await guard.fetchval("SELECT to_regclass('reporter_unmarked')"):
        return
    if await guard.fetchval("SELECT count(*) FROM reporter_unmarked"):
        settings = settings or read_settings()
        reporters.unlock(mark_keys(settings), ring=key_ring(settings))
        await Tortoise.init(config=tortoise_config(url, role=None, pool=2))
        try:
            await mark_earlier_reports()
        finally:
            await Tortoise.close_connections()
        for table in WRITTEN_ANEW:
            await guard.execute(f"VACUUM FULL {table}")
    await guard.execute("DROP TABLE reporter_unmarked")


def main() -> None:
    """Migrate the database of the environment; say what is missing, if anything."""
    if not os.environ.get("DATABASE_URL"):
        sys.exit("DATABASE_URL is missing")
    try:
        asyncio.run(migrate(os.environ["DATABASE_URL"], despite_faults="--despite-faults" in sys.argv[1:]))
    except LedgerBroken as broken:
        sys.exit(str(broken))
    except SettingsMissing as missing:
        sys.exit(f"还有早先的上报要用密钥改存，请补上这些设置后再运行一次：\n{missing}")


if __name__ == "__main__":
    main()
