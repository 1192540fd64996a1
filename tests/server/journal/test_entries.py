"""The journal: append-only, also for its owner; actors are kept apart. For changes see tests/server/verifying."""

import asyncio

import asyncpg
import pytest
from tortoise import connections
from tortoise.exceptions import OperationalError

from models import JournalEntry
from models.vocabulary import Role
from server import journal
from server.kernel.unit_of_work import unit_of_work
from tests.conftest import a_report


@pytest.fixture
async def entries(office):
    """A dozen entries of an ordinary morning."""
    laoma = await office.phone_of("老马")
    await office.enrol("小陈", Role.OFFICE_STAFF)
    await asyncio.gather(*(laoma.submit(a_report()) for _ in range(6)))
    count = await JournalEntry.all().count()
    assert count > 8
    return count


async def test_numbers_are_drawn_one_by_one_under_parallel_deeds(entries):
    ids = await JournalEntry.all().order_by("id").values_list("id", flat=True)
    assert list(ids) == list(range(1, entries + 1))


async def test_who_acted_is_told_of_the_office_alone(office):
    chen = await office.enrol("小陈", Role.OFFICE_STAFF)
    named = await recorded("person.stayed", chen, by=chen)
    unnamed = await recorded("person.stayed", chen, by=None)
    both = await JournalEntry.filter(id__in=[named, unnamed])
    assert await journal.actors_of(both) == {named: chen.id}


@unit_of_work
async def recorded(what, subject, *, by):
    return await journal.record(what, subject, by=by)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_entry SET deed = 'x'",
        "DELETE FROM journal_entry",
        "TRUNCATE journal_entry",
        "INSERT INTO journal_entry (deed) VALUES ('x')",
        "SELECT actor_id FROM journal_actor",
        "INSERT INTO journal_actor VALUES (1, gen_random_uuid())",
        "UPDATE ledger.version SET digest = ''",
        "DELETE FROM ledger.block",
        "INSERT INTO ledger.erased VALUES (1, gen_random_uuid())",
        "SELECT nonce FROM ledger.opening",
        "SELECT ledger.cover('observation')",
        "SELECT ledger.forget_openings('{1}', 'x')",
        "ALTER TABLE observation DISABLE TRIGGER zz_ledger_u",
        "ALTER TABLE journal_entry DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "DROP TABLE journal_entry",
    ],
)
async def test_the_server_itself_can_not_change_journal_or_ledger(entries, statement):
    connection = connections.get("default")
    with pytest.raises(OperationalError, match=r"permission denied|must be owner"):
        await connection.execute_script(statement)
    assert await JournalEntry.all().count() == entries


async def test_even_the_owner_meets_the_trigger(entries, database_url):
    connection = await asyncpg.connect(database_url)
    try:
        for statement in (
            "UPDATE journal_entry SET deed = 'x'",
            "DELETE FROM journal_entry",
            "TRUNCATE journal_entry",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
                await connection.execute(statement)
    finally:
        await connection.close()


async def test_entries_written_together_stand_in_the_order_of_their_deeds(office):
    people = [await office.enrol(f"队员{number}", Role.TEAM_MEMBER) for number in range(3)]
    await recorded_together(people)
    entries = await JournalEntry.filter(event="person.stayed").order_by("id")
    assert [(entry.subject_id, entry.detail) for entry in entries] == [
        (person.id, {"place": place}) for place, person in enumerate(people)
    ]


@unit_of_work
async def recorded_together(people):
    async with journal.together():
        for place, person in enumerate(people):
            assert await journal.record("person.stayed", person, by=None, place=place) == 0
