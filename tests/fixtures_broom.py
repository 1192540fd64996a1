"""One broom for the whole run: a line to the office's database on which the plans of all deletions are made once."""

from typing import Any

import asyncpg
import pytest

KEEP = {"tortoise_migrations", "journal_head"}
# Only the superuser of a test database can do without the triggers, which guard the journal.
MADE = """
SET session_replication_role = replica;
CREATE FUNCTION pg_temp.sweep() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    {deletions}
    UPDATE journal_head SET last_id = 0, last_hash = repeat('0', 64);
END $$;
"""


class Broom:
    """Empties every table in one go."""

    def __init__(self, line: asyncpg.Connection) -> None:
        self._line = line

    async def sweep(self) -> None:
        await self._line.execute("SELECT pg_temp.sweep()")


@pytest.fixture(scope="session")
async def broom(database_url: str) -> Any:
    line = await asyncpg.connect(database_url)
    tables = await line.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    names = [row["tablename"] for row in tables if row["tablename"] not in KEEP]
    await line.execute(MADE.format(deletions="".join(f'DELETE FROM "{name}";' for name in names)))
    yield Broom(line)
    await line.close()
