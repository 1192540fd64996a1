"""One cleaner for the whole run: a connection on which the plans of all deletions are prepared once."""

from typing import Any

import asyncpg
import pytest

KEEP = {"tortoise_migrations"}
# Only the superuser of a test database can bypass the triggers that guard what is kept. Those of the ledger
# fire anyway, so what they wrote about the cleaning itself is deleted last. Their numbers are never reused,
# because work that an earlier test left running may still write under one.
MADE = """
SET session_replication_role = replica;
CREATE FUNCTION pg_temp.sweep() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    {deletions}
    DELETE FROM ledger.erasure; DELETE FROM ledger.erased; DELETE FROM ledger.opening; DELETE FROM ledger.version;
    DELETE FROM ledger.leaf; DELETE FROM ledger.block WHERE id > 0;
    PERFORM setval('journal_entry_id_seq', 1, false);
END $$;
"""


class DatabaseCleaner:
    """Empties every table in one go."""

    def __init__(self, line: asyncpg.Connection) -> None:
        self._line = line

    async def sweep(self) -> None:
        await self._line.execute("SELECT pg_temp.sweep()")


@pytest.fixture(scope="session")
async def clean_database(database_url: str) -> Any:
    line = await asyncpg.connect(database_url)
    tables = await line.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    names = [row["tablename"] for row in tables if row["tablename"] not in KEEP]
    await line.execute(MADE.format(deletions="".join(f'DELETE FROM "{name}";' for name in names)))
    yield DatabaseCleaner(line)
    await line.close()
