"""Reporters and locked identities are behind separate database roles; every other query is refused."""

import asyncpg
import pytest
from tortoise.transactions import in_transaction

from models import Observation, Reporter, Salt
from models.config import APP_ROLE, ENVELOPE_ROLE, IDENTITY_ROLE, REPORTER_ROLE
from models.vocabulary import Role
from server import reporters
from server.kernel.unit_of_work import in_role, raw_connection
from server.observations import track_record
from server.reporters.role import opened
from tests.conftest import a_report

BEHIND = {
    "reporter": REPORTER_ROLE,
    "salt": REPORTER_ROLE,
    "escrow": ENVELOPE_ROLE,
    "identity": IDENTITY_ROLE,
}
A_KEY = {"reporter": "observation_id", "salt": "id", "escrow": "observation_id", "identity": "id"}
QUESTIONS = [
    "SELECT * FROM {table}",
    "SELECT count(*) FROM {table}",
    "SELECT o.id FROM observation o JOIN {table} r ON r.{key} = o.id",
    "INSERT INTO {table} ({key}) VALUES (gen_random_uuid())",
    "UPDATE {table} SET {key} = {key}",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "COPY {table} TO STDOUT",
]


@pytest.fixture
async def laoma(office):
    return await office.phone_of("老马", Role.TEAM_MEMBER)


async def may(role):
    """Return what a role may do with each of these tables."""
    rows = await raw_connection().fetch(
        """SELECT t AS name, array_agg(p) AS rights FROM unnest($2::text[]) t,
        unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p
        WHERE has_table_privilege($1, t, p) GROUP BY t""",
        role,
        [*BEHIND, "observation", "person"],
    )
    return {row["name"]: set(row["rights"]) for row in rows}


@pytest.mark.parametrize("table", ["reporter", "salt", "escrow"])
@pytest.mark.parametrize("question", QUESTIONS)
async def test_a_query_of_any_other_room_is_refused_by_the_database(office, table, question):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with in_transaction():
            await raw_connection().execute(question.format(table=table, key=A_KEY[table]))


async def test_each_role_reads_its_own_tables_and_nothing_else(office):
    all_of_it = {"SELECT", "INSERT", "UPDATE", "DELETE"}
    async with in_transaction():
        assert set(await may(APP_ROLE)) == {"observation", "person"}
        for role in set(BEHIND.values()):
            assert await may(role) == {table: all_of_it for table, its in BEHIND.items() if its == role}


@pytest.mark.parametrize("role", [REPORTER_ROLE, ENVELOPE_ROLE])
async def test_where_one_is_open_nothing_else_is(office, role):
    closed = [table for table, its in BEHIND.items() if its != role]
    for table in (*closed, "person", "observation", "journal_entry", "session", "pgqueuer"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with in_role(role):
                await raw_connection().fetch(f"SELECT 1 FROM {table}")


async def test_the_room_goes_on_finding_and_no_pooled_connection_keeps_the_role(laoma):
    for _ in range(3):
        await laoma.submit(a_report())
    for report in await reporters.mine(laoma.person.id):
        assert await reporters.reporter_of(report) == laoma.person.id
        assert await track_record(await Observation.get(id=report))
        async with in_transaction():
            assert await raw_connection().fetchval("SELECT current_user") == APP_ROLE


async def test_a_person_or_a_report_that_goes_takes_its_rows_along(laoma, database_url):
    """The database does that itself, as the tables' owner."""
    await laoma.submit(a_report())
    owner = await asyncpg.connect(database_url)
    attempt = owner.transaction()
    await attempt.start()
    try:
        await owner.execute("SET LOCAL session_replication_role = origin; DELETE FROM content_check")
        await owner.execute(f"SET LOCAL ROLE {APP_ROLE}")
        await owner.execute("DELETE FROM observation")
        await owner.execute("RESET ROLE")
        assert await owner.fetchval("SELECT count(*) FROM reporter") == 0
    finally:
        await attempt.rollback()
        await owner.close()
    async with opened():
        assert (await Reporter.all().count(), await Salt.filter(person_id=laoma.person.id).count()) == (1, 1)
