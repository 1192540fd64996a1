"""The database matches the models and the migrations."""

import asyncio
import importlib
import shutil
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from tortoise import Tortoise
from tortoise.context import TortoiseContext
from tortoise.migrations.api.migrate import migrate as run_migrations

from models.config import tortoise_config
from server import reporters
from server.commands.migrate import MADE_ANEW, NEWEST_OF_THE_FORMER_CHAIN, migrate
from server.reporters import keys
from server.settings import SettingsMissing
from tests.conftest import settings_for

ROOT = Path(__file__).parents[2]
MIGRATIONS = [path.stem for path in sorted((ROOT / "models/migrations").glob("0*.py"))]


def checks():
    """Yield every check that a migration declares, as (table, name)."""
    for name in MIGRATIONS:
        declared = getattr(importlib.import_module(f"models.migrations.{name}"), "CHECKS", {})
        yield from ((table, check) for table, of_table in declared.items() for check in of_table)


def test_the_migrations_are_one_chain_in_the_order_of_their_numbers():
    loaded = [importlib.import_module(f"models.migrations.{name}").Migration for name in MIGRATIONS]
    before = [[("models", name)] for name in MIGRATIONS[:-1]]
    assert [list(one.dependencies) for one in loaded] == [[], *before]
    assert [name[:4] for name in MIGRATIONS] == [f"{n:04d}" for n in range(1, len(MIGRATIONS) + 1)]


async def test_every_check_of_the_migrations_is_in_the_database(database_url):
    connection = await asyncpg.connect(database_url)
    try:
        rows = await connection.fetch(
            "SELECT conrelid::regclass::text AS on_table, conname FROM pg_constraint WHERE contype = 'c'"
        )
    finally:
        await connection.close()
    found = {(row["on_table"], row["conname"]) for row in rows}
    assert set(checks()) <= found


def test_no_model_changes_without_a_migration(tmp_path):
    """Use a copy, because a missing migration would be written at once."""
    shutil.copytree(ROOT / "models", tmp_path / "models")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    done = subprocess.run(
        [Path(sys.executable).with_name("tortoise"), "makemigrations"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "No changes detected" in done.stdout


async def migrate_as_far_as(name, *, url):
    try:
        config = tortoise_config(url, role=None, pool=2)
        await run_migrations(config=config, target=f"models.{name}", direction="forward")
    finally:
        await Tortoise.close_connections()


@pytest.fixture
async def apart():
    """Keep the office's own connections untouched by what a migration opens and closes."""
    async with TortoiseContext():
        yield


async def test_parallel_migrations_take_over_a_database_of_the_former_chain_with_what_it_holds(
    postgres, apart
):
    url = await postgres.new_database()
    await migrate_as_far_as(MADE_ANEW[-1], url=url)
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("DELETE FROM tortoise_migrations")
        await connection.execute(
            "INSERT INTO tortoise_migrations (app, name, applied_at) VALUES ('models', $1, now())",
            NEWEST_OF_THE_FORMER_CHAIN,
        )
        await connection.execute(
            "INSERT INTO organisation (id, name, short_name, kind, code, path, sort_order, created_at)"
            " VALUES (gen_random_uuid(), '市委改革办', '改革办', 'reform_office', 'office', '/office/', 0, now())"
        )
        script = f"import asyncio; from server.commands.migrate import migrate; asyncio.run(migrate({url!r}))"
        started = [subprocess.Popen([sys.executable, "-c", script]) for _ in range(2)]
        ended = [await asyncio.to_thread(process.wait, timeout=120) for process in started]
        assert ended == [0, 0]
        assert await connection.fetchval("SELECT short_name FROM organisation") == "改革办"
    finally:
        await connection.close()
    await postgres.drop(url)


async def test_days_that_were_loaded_before_hang_on_the_notice_that_counts(postgres, apart):
    url = await postgres.new_database()
    await migrate_as_far_as("0009_what_the_database_guards_of_letters", url=url)
    connection = await asyncpg.connect(url)
    try:
        # Notices without the people who loaded them.
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(
            """INSERT INTO calendar_notice (id, year, source, loaded_by_id, loaded_at)
            SELECT gen_random_uuid(), year, source, gen_random_uuid(), at::timestamptz FROM (VALUES
                (2027, 'first', '2026-11-01'), (2027, 'second', '2026-11-02'), (2027, 'third', '2026-11-03'),
                (2026, 'only', '2025-11-01')) AS loaded (year, source, at)"""
        )
        await connection.execute(
            "INSERT INTO calendar_day (day, is_workday, note, source) VALUES"
            " ('2027-01-01', false, '元旦', 'third'), ('2026-10-10', true, '国庆节', 'only')"
        )
        await connection.execute("SET session_replication_role = origin")
        await migrate_as_far_as("0010_notices_are_lists_of_days", url=url)
        kept = await connection.fetch(
            """SELECT n.source, d.day::text, d.is_workday, d.note FROM calendar_day d
            JOIN calendar_notice n ON n.id = d.notice_id WHERE n.replaced_at IS NULL ORDER BY d.day"""
        )
        assert [tuple(row) for row in kept] == [
            ("only", "2026-10-10", True, "国庆节"),
            ("third", "2027-01-01", False, "元旦"),
        ]
        assert (
            await connection.fetchval("SELECT count(*) FROM calendar_notice WHERE replaced_at IS NOT NULL")
            == 2
        )
    finally:
        await connection.close()
    await postgres.drop(url)


async def test_letters_issued_before_their_life_began_are_delivered_ones(postgres, apart):
    url = await postgres.new_database()
    await migrate_as_far_as("0037_what_lists_are_read_by", url=url)
    guard = await asyncpg.connect(url)
    unit, person = uuid4(), uuid4()
    try:
        await guard.execute("SELECT ledger.open_era()")
        await guard.execute("SELECT ledger.cover('letter'::regclass, '{}', 'true')")  # as in every city
        await guard.execute("SET session_replication_role = replica")  # without the item that it is about
        await insert(guard, "organisation", id=unit, path="/housing/")
        await insert(guard, "person", id=person)
        known = {"occasion": f"2:{unit}", "purpose": "urging_letter", "addressee": "市住建局"}
        await insert(guard, "letter", issued_by_id=person, **known)
        await guard.execute("SET session_replication_role = origin")
        await migrate(url, despite_faults=True)
        row = await guard.fetchrow(
            "SELECT state, round, unit_id, kind, drafted_at = issued_at AS same FROM letter"
        )
        assert tuple(row) == ("delivered", 2, unit, "urging_letter", True)
    finally:
        await guard.close()
    await postgres.drop(url)


PLAIN = {"uuid": "gen_random_uuid()", "jsonb": "'{}'", "boolean": "true", "integer": "1", "date": "now()"}
PLAIN |= {
    "timestamp with time zone": "now()",
    "text": "'words'",
    "character varying": "''",
    "double precision": "1",
}


async def insert(connection, table, **known):
    """Insert a row whose other columns hold the plainest value of their type."""
    columns = await connection.fetch(
        """SELECT column_name AS name, data_type AS kind FROM information_schema.columns
        WHERE table_name = $1 AND table_schema = 'public' AND is_nullable = 'NO' AND column_default IS NULL""",
        table,
    )
    values = {row["name"]: PLAIN[row["kind"]] for row in columns}
    values |= {name: f"'{value}'" for name, value in known.items()}
    await connection.execute(
        f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(values.values())})"
    )


async def bytes_of(connection, table):
    await connection.execute("CHECKPOINT")
    path = await connection.fetchval("SELECT pg_relation_filepath($1::text::regclass)", table)
    return await connection.fetchval("SELECT pg_read_binary_file($1)", path)


@pytest.fixture
def with_keys_of_its_own():
    """Restore this process's keys when the test is over."""
    kept = keys._marks, keys._ring
    yield
    keys._marks, keys._ring = kept


async def test_earlier_reports_are_marked_once_the_keys_are_there_and_their_old_bytes_are_gone(
    postgres, apart, tmp_path, with_keys_of_its_own
):
    url = await postgres.new_database()
    await migrate_as_far_as("0019_originals_are_checked_without_keys", url=url)
    connection = await asyncpg.connect(url)
    person, other = uuid4(), uuid4()
    sent = {uuid4(): person, uuid4(): other, uuid4(): person}
    try:
        await connection.execute("SET session_replication_role = replica")
        for one in (person, other):
            await insert(connection, "person", id=one, created_at="2026-11-01T17:00:00Z")
        for number, (report, who) in enumerate(sent.items()):
            facts = {"state": "received", "kind": "problem", "anonymity": "hidden", "place_grade": "D"}
            facts |= {
                "reporter_role": "citizen",
                "receipt_number": number,
                "received_at": "2026-11-20T08:00:00.7Z",
            }
            await insert(connection, "observation", id=report, reporter_id=who, **facts)
        assert person.bytes in await bytes_of(connection, "observation")
        await connection.execute("SET session_replication_role = origin")

        with pytest.raises(SettingsMissing, match="REPORTER_KEYS"):
            await migrate(url, despite_faults=True)
        await migrate(
            url, settings=settings_for(url, tmp_path, wechat_url="http://127.0.0.1:1"), despite_faults=True
        )

        assert await connection.fetchval("SELECT to_regclass('reporter_unmarked')") is None
        for table in ("observation", "reporter"):
            assert person.bytes not in await bytes_of(connection, table)
        assert (
            await connection.fetchval("SELECT created_on::text FROM person WHERE id = $1", person)
            == "2026-11-02"
        )
        await Tortoise.init(config=tortoise_config(url))
        assert await reporters.reporters_of(list(sent)) == sent
        assert set(await reporters.mine(person)) == {report for report, who in sent.items() if who == person}
    finally:
        await Tortoise.close_connections()
        await connection.close()
    await postgres.drop(url)


async def test_durability_is_on(database_url):
    connection = await asyncpg.connect(database_url)
    try:
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            assert await connection.fetchval(f"SHOW {name}") == "on"
    finally:
        await connection.close()
