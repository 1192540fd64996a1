"""Identities are behind a database role that only one module uses; every other query is refused."""

from contextlib import suppress

import asyncpg
import pytest
from tortoise.transactions import in_transaction

from models import Identity, Organisation, Person
from models.config import APP_ROLE, IDENTITY_ROLE
from server.kernel.unit_of_work import raw_connection, unit_of_work
from server.people import identities
from server.web.console import people as page

QUESTIONS = [
    "SELECT * FROM identity",
    "SELECT count(*) FROM identity",
    "SELECT person_id FROM identity WHERE openid_lookup = 'x'",
    "SELECT p.id FROM person p JOIN identity i ON i.person_id = p.id",
    "UPDATE identity SET key_id = key_id",
    "DELETE FROM identity",
    "INSERT INTO identity (id, person_id, key_id) SELECT gen_random_uuid(), id, 'k1' FROM person",
    "TRUNCATE identity",
    "COPY identity TO STDOUT",
]


async def role():
    return await raw_connection().fetchval("SELECT current_user")


@pytest.fixture
async def laoma(office):
    return await office.enrol("老马", "team_member", openid="openid-demo-老马")


@pytest.mark.parametrize("question", QUESTIONS)
async def test_a_query_of_any_other_room_is_refused_by_the_database(laoma, question):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with in_transaction():
            await raw_connection().execute(question)


async def test_a_page_of_the_console_that_asks_is_refused_too(office, laoma, app, monkeypatch):
    """Query the identities together with the roster, as a careless change of the page would."""

    async def with_identities(*asked, **how):
        return await Identity.all().values("person_id", "real_name_sealed")

    desk = await office.desk_of("小陈", "administrator")
    assert (await desk.get("/people")).status_code == 200
    monkeypatch.setattr(page.people, "roster", with_identities)
    assert (await desk.get("/people")).status_code == 500


async def test_where_identities_are_open_nothing_else_is(laoma):
    async with in_transaction():
        async with identities.opened():
            assert await role() == IDENTITY_ROLE
            assert await Identity.filter(person_id=laoma.id).count() == 1
        assert await role() == APP_ROLE
        assert await Person.filter(id=laoma.id).exists()
    for table in ("person", "observation", "journal_entry", "session", "tortoise_migrations", "pgqueuer"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with identities.opened():
                await raw_connection().fetch(f"SELECT 1 FROM {table}")


async def test_the_role_ends_with_an_error_and_the_deed_goes_on(laoma):
    @unit_of_work
    async def go_on():
        with suppress(ZeroDivisionError):
            async with identities.opened():
                await Identity.filter(person_id=laoma.id).delete()
                raise ZeroDivisionError
        assert await role() == APP_ROLE
        await Organisation.filter(id=laoma.organisation_id).update(short_name="改办")

    await go_on()
    async with identities.opened():
        assert await Identity.filter(person_id=laoma.id).exists(), (
            "what was done beside the error is taken back"
        )
    assert (await Organisation.get(id=laoma.organisation_id)).short_name == "改办"


async def test_no_pooled_connection_keeps_the_role(laoma, office):
    for _ in range(30):
        await identities.openid_of(laoma, keys=office.tools.keys)
        async with in_transaction():
            assert await role() == APP_ROLE


async def test_a_login_that_is_only_a_server_reads_identities_by_that_role_alone(database_url):
    """As in production: a login that is a member of the servers' role only."""
    owner = await asyncpg.connect(database_url)
    attempt = owner.transaction()
    await attempt.start()
    try:
        await owner.execute(f"CREATE ROLE a_server LOGIN; GRANT {APP_ROLE} TO a_server")
        await owner.execute("SET LOCAL SESSION AUTHORIZATION a_server")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with owner.transaction():
                await owner.fetch("SELECT 1 FROM identity")
        await owner.execute(f"SET LOCAL ROLE {APP_ROLE}")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with owner.transaction():
                await owner.fetch("SELECT 1 FROM identity")
        await owner.execute(f"SET LOCAL ROLE {IDENTITY_ROLE}")
        assert await owner.fetchval("SELECT count(*) >= 0 FROM identity")
    finally:
        await attempt.rollback()
        await owner.close()
