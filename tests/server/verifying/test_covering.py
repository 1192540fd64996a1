"""Evidence is covered, covered again when a migration alters it, and never joins person and report."""

import asyncpg
import pytest
from tortoise.context import TortoiseContext

from models import ContentCheck, Observation, Rendition
from models.covered import COVERED
from models.vocabulary import Role
from server import moderation
from server.commands.migrate import migrate
from server.journal import anchoring
from server.verifying import verify
from tests.conftest import a_picture, a_report, until


@pytest.fixture
async def line(database_url):
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def test_every_table_of_the_list_is_covered_and_no_other(line):
    rows = await line.fetch("SELECT name, apart FROM ledger.covered WHERE columns <> '{}'")
    assert {row["name"]: set(row["apart"]) for row in rows} == {
        name: set(apart) for name, apart in COVERED.items()
    }


@pytest.fixture
async def reported(office):
    """A report with its photo, amended, answered and read, with all consequences."""
    laoma = await office.phone_of("老马")
    picture = a_picture()
    client_id = (await laoma.submit(a_report(picture))).json()["client_id"]
    await laoma.upload(picture)
    await laoma.put(f"/observations/{client_id}/revisions/1", json=a_report(picture, text="又塌了一块"))
    await until(lambda: Rendition.filter(size="large").exists())
    await until(lambda: ContentCheck.filter(kind="photo").exists())
    await moderation.sweep(tools=office.tools)
    return laoma


PERSON_TABLES = "person|identity|session|consent|subscri|idempotency|inbox|invitation|digest|reporter|export"


def test_no_table_of_persons_is_covered():
    named = [name for name in COVERED if any(word in name for word in PERSON_TABLES.split("|"))]
    assert named == []


async def test_what_a_reporters_deed_writes_into_covered_tables_names_no_person(office, reported, line):
    """Return every value that the ledger commits to, in every row that the reporter's transactions wrote."""
    persons = [str(row["id"]) for row in await line.fetch("SELECT id FROM person")]
    written = await line.fetch(
        """SELECT DISTINCT c.name, c.columns, o.key FROM ledger.version v JOIN ledger.opening o USING (no)
        JOIN ledger.covered c USING (table_id) WHERE v.xid IN (SELECT xid FROM journal_entry
            WHERE subject_kind IN ('observation', 'photo'))"""
    )
    assert {row["name"] for row in written} >= {"observation", "manifest_line", "photo", "journal_entry"}
    for row in written:
        columns = ", ".join(f't."{column}"' for column in row["columns"])
        text = await line.fetchval(
            f"SELECT ROW({columns})::text FROM {row['name']} t WHERE ledger.key(t.id) = $1",
            row["key"],
        )
        assert [person for person in persons if text and person in text] == [], row["name"]


async def test_a_reporters_deeds_leave_no_actor(reported, line):
    named = await line.fetch(
        """SELECT e.deed FROM journal_actor a JOIN journal_entry e USING (id)
        WHERE e.subject_kind IN ('observation', 'photo')"""
    )
    assert [row["deed"] for row in named] == []


async def test_what_changes_without_a_deed_makes_no_version(office, line):
    laoma = await office.phone_of("老马")
    await laoma.submit(a_report())
    before = await line.fetchval("SELECT count(*) FROM ledger.version")
    chen = await office.actor(await office.enrol("小陈", Role.OFFICE_STAFF))
    entered = await line.fetchval("SELECT count(*) FROM ledger.version")
    await Observation.all().update(claimed_by_id=chen.person.id)
    await Observation.all().update(text="路口坑槽一周未修")  # as before
    assert await line.fetchval("SELECT count(*) FROM ledger.version") == entered > before
    await Observation.all().update(text="没有坑槽")
    assert await line.fetchval("SELECT count(*) FROM ledger.version") == entered + 1


async def test_who_comes_as_a_citizen_leaves_no_moment_in_the_ledger_and_an_official_does(
    office, line, database_url
):
    """Next to the first report it would reveal its reporter; so it is no event, and nothing is missing."""
    before = await line.fetchval("SELECT count(*) FROM ledger.version")
    assert (await office.phone().sign_in("demo-new-citizen")).status_code == 201
    assert await line.fetchval("SELECT count(*) FROM ledger.version") == before
    assert (await verify(database_url)).faults == []
    await office.enrol("小陈", Role.OFFICE_STAFF)
    assert await line.fetchval("SELECT count(*) FROM ledger.version") > before
    await line.execute("ALTER TABLE duty DISABLE TRIGGER zz_ledger_u")
    await line.execute("UPDATE duty SET role = 'office_lead' WHERE role = 'citizen'")
    await line.execute("ALTER TABLE duty ENABLE ALWAYS TRIGGER zz_ledger_u")
    (fault,) = (await verify(database_url)).faults
    assert fault.startswith("duty ")
    assert fault.endswith("是插入的。")


async def test_the_whole_morning_verifies_sealed_and_unsealed(reported, office, database_url):
    before = await verify(database_url)
    await anchoring.close_block()
    after = await verify(database_url)
    assert (before.faults, after.faults) == ([], [])
    assert after.counted["unsealed"] == 0
    assert after.counted["versions"] >= before.counted["versions"] > 20


@pytest.fixture
async def apart(postgres):
    """A separate city whose tables may be altered."""
    url = await postgres.new_database(template=await postgres.template(migrate))
    # What a migration opens and closes leaves the office's own connections alone.
    async with TortoiseContext():
        yield url
    await postgres.drop(url)


ONE_REASON = """
INSERT INTO reason (id, code, use, label, text, is_active, sort_order)
VALUES ('00000000-0000-4000-8000-000000000001', 'x', 'decline', '不属实', '没有发现所说的情况。', true, 0)
"""


async def test_a_migration_that_alters_a_covered_table_covers_it_anew(apart):
    line = await asyncpg.connect(apart, server_settings={"ledger.migrating": "yes"})
    try:
        untouched = await verify(apart)
        assert untouched.faults == []
        assert not any("重立基线" in hint for hint in untouched.hints)  # the first covering is not a change
        await line.execute(ONE_REASON)
        await line.execute("ALTER TABLE reason ADD COLUMN note text NOT NULL DEFAULT '旧'")
        await line.execute("SELECT ledger.close_block()")
        (fault,) = (await verify(apart)).faults
        assert fault == "表reason的列被改动而没有重立基线。"

        await migrate(apart)
        found = await verify(apart)
        assert found.faults == []
        assert any("表reason" in hint and "重立基线" in hint for hint in found.hints)
        assert found.counted["erased"] == 1  # what could open the earlier version, which nothing can match

        await line.execute("UPDATE reason SET note = '新'")
        assert (await verify(apart)).faults == []
    finally:
        await line.close()


async def test_a_column_that_goes_and_rows_that_change_in_one_migration(apart):
    """In between, the migration says `ledger.cover_anew`, because the trigger names the columns."""
    line = await asyncpg.connect(apart, server_settings={"ledger.migrating": "yes"})
    try:
        await line.execute(ONE_REASON)
        async with line.transaction():
            await line.execute("ALTER TABLE reason DROP COLUMN sort_order")
            await line.execute("SELECT ledger.cover_anew('reason')")
            await line.execute("UPDATE reason SET label = '不清楚'")
        assert (await verify(apart)).faults == []
    finally:
        await line.close()
